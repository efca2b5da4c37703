/** What only an add-on has: what happens when it is installed, and the card on its homepage. */

const CARD_ACTION = "askFromCard";

/**
 * Puts up the menu in the spreadsheet in which somebody installs the add-on. Where an admin installs it for a domain this is never
 * called, and onOpen does everything.
 *
 * @param {GoogleAppsScript.Events.AddonOnInstall} event
 */
function onInstall(event) {
  onOpen(event);
}

/**
 * Gives the card that the side panel shows when the add-on is opened there.
 *
 * @return {GoogleAppsScript.Card_Service.Card}
 */
function onHomepage() {
  return homepage_("", []);
}

/**
 * Asks what was typed into the card, and shows the answer's sentence and what is at fault otherwise.
 *
 * @param {{commonEventObject?: {formInputs?: Object<string, {stringInputs?: {value?: string[]}}>}}} event
 * @return {GoogleAppsScript.Card_Service.ActionResponse}
 */
function askFromCard(event) {
  const question = event.commonEventObject?.formInputs?.question?.stringInputs?.value?.[0] || "";
  const card = homepage_(question, [told_(question)]);
  return CardService.newActionResponseBuilder().setNavigation(CardService.newNavigation().updateCard(card)).build();
}

/**
 * @param {string} question
 * @return {string}
 */
function told_(question) {
  try {
    return `<b>${escaped_(answerOf_(preview(question)).headline)}</b>`;
  } catch (error) {
    return escaped_(sentence_(error));
  }
}

/**
 * @param {string} question The text of the field.
 * @param {string[]} told What to show below it, as a card writes it.
 * @return {GoogleAppsScript.Card_Service.Card}
 */
function homepage_(question, told) {
  const field = CardService.newTextInput()
    .setFieldName("question")
    .setTitle("What do you want to know?")
    .setHint("for example: breakeven 200 users")
    .setValue(question);
  const ask = CardService.newTextButton().setText("Ask").setOnClickAction(CardService.newAction().setFunctionName(CARD_ACTION));
  const asking = CardService.newCardSection().addWidget(field).addWidget(ask);
  for (const text of told) asking.addWidget(CardService.newTextParagraph().setText(text));
  const help = [
    "In a cell: <b>=AGENTCOST(&quot;breakeven 200 users&quot;)</b>, or for a range of questions: <b>=AGENTCOST(A2:A500)</b>.",
    "In the menu Extensions → AgentCost: Ask, Scenario, Refresh, Settings and Help.",
    `Add-on of agentcost ${escaped_(VERSION)}. It asks ${escaped_(SERVICE_ADDRESS || "the address in Settings")} and nobody else.`,
  ];
  const using = CardService.newCardSection().setHeader("In a spreadsheet");
  for (const text of help) using.addWidget(CardService.newTextParagraph().setText(text));
  const header = CardService.newCardHeader().setTitle("AgentCost").setSubtitle("What Salesforce's AI agents cost");
  return CardService.newCardBuilder().setHeader(header).addSection(asking).addSection(using).build();
}

/**
 * Gives a text so that a card shows it as it is: cards read some HTML.
 *
 * @param {string} text
 * @return {string}
 */
function escaped_(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
