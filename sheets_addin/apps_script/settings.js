/** Where the service is and with which token it is asked: properties of this spreadsheet; an add-on has one address for all. */

const ADDRESS_PROPERTY = "agentcost_address";
const TOKEN_PROPERTY = "agentcost_token";
const IS_ADDRESS = /^(https:\/\/[^\s/?#@]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/[^\s?#]*)?$/;
const NOT_SET = "Say first where agentcost answers: menu AgentCost → Settings.";

/**
 * @typedef {{address: string, authorization: string}} Service
 */

/**
 * Gives where and how to ask. Throws while no address is set.
 *
 * @return {Service}
 */
function service_() {
  const address = kept_(ADDRESS_PROPERTY);
  if (!address) throw new Error(NOT_SET);
  const token = kept_(TOKEN_PROPERTY) || identityToken_();
  return { address, authorization: token ? `Bearer ${token}` : "" };
}

/**
 * Gives what this spreadsheet keeps under a name; nothing on an add-on's homepage, which is of no spreadsheet.
 *
 * @param {string} name
 * @return {string}
 */
function kept_(name) {
  if (name === ADDRESS_PROPERTY && SERVICE_ADDRESS) return SERVICE_ADDRESS;
  /** @type {GoogleAppsScript.Properties.Properties|null} */
  const properties = PropertiesService.getDocumentProperties();
  return properties?.getProperty(name) || "";
}

/**
 * Gives Google's identity token of who asks; empty in custom functions, which may not know it, and without the openid scope.
 *
 * @return {string}
 */
function identityToken_() {
  try {
    return ScriptApp.getIdentityToken() || "";
  } catch {
    return "";
  }
}

/**
 * Tells the sidebar what is set; never the token itself.
 *
 * @return {{address: string, hasToken: boolean, isFixed: boolean}}
 */
function settingsShown() {
  return {
    address: kept_(ADDRESS_PROPERTY),
    hasToken: Boolean(kept_(TOKEN_PROPERTY)),
    isFixed: SERVICE_ADDRESS !== "",
  };
}

/**
 * Keeps an address and, where one is given, a token, once the service has answered to them. Throws what is wrong.
 *
 * @param {string} address
 * @param {string} token An empty one leaves the token as it is.
 * @return {string} What to tell.
 */
function saveSettings(address, token) {
  const properties = PropertiesService.getDocumentProperties();
  const plain = address.trim().replace(/\/+$/, "");
  if (!IS_ADDRESS.test(plain)) throw new Error(`“${plain}” is not an address: it begins with https://.`);
  if (SERVICE_ADDRESS && plain !== SERVICE_ADDRESS) throw new Error(`This add-on asks ${SERVICE_ADDRESS} and nobody else.`);
  const asked = token.trim() || (plain === kept_(ADDRESS_PROPERTY) && kept_(TOKEN_PROPERTY)) || "";
  const shown = asked || identityToken_();
  const service = { address: plain, authorization: shown ? `Bearer ${shown}` : "" };
  const words = vocabularyOf_(service);
  properties.setProperty(ADDRESS_PROPERTY, plain);
  if (asked) properties.setProperty(TOKEN_PROPERTY, asked);
  else properties.deleteProperty(TOKEN_PROPERTY);
  return `Saved. agentcost answers, and knows ${words.commands.length} commands.${otherVersion_(words.version)}`;
}

/**
 * Says that the service is of another version than these files, where it is.
 *
 * @param {string|undefined} version
 * @return {string}
 */
function otherVersion_(version) {
  if (!version || version === VERSION) return "";
  const renewed = IS_ADDON ? "Ask your admin for a new version of the add-on." : "Bring in the files of the new version.";
  return ` It is of version ${version}, these files are of ${VERSION}. ${renewed}`;
}

/**
 * Forgets the token.
 *
 * @return {string} What to tell.
 */
function forgetToken() {
  PropertiesService.getDocumentProperties().deleteProperty(TOKEN_PROPERTY);
  return "The token is forgotten here. Revoke it with agentcost sheet-token --revoke, so that it opens nothing elsewhere.";
}

/**
 * @param {Service} service
 * @return {Vocabulary}
 */
function vocabularyOf_(service) {
  const [reply] = send_(service, [request_(service, "/v1/commands")], Date.now() + ALLOWED_MS);
  return { ...parsed_(reply.getContentText()), commands: said_(service, reply, "commands") };
}
