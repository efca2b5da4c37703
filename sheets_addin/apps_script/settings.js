/** Where the service is and with which token it is asked: properties of this spreadsheet. */

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
  const properties = PropertiesService.getDocumentProperties();
  const address = properties.getProperty(ADDRESS_PROPERTY);
  if (!address) throw new Error(NOT_SET);
  const token = properties.getProperty(TOKEN_PROPERTY) || identityToken_();
  return { address, authorization: token ? `Bearer ${token}` : "" };
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
 * @return {{address: string, hasToken: boolean}}
 */
function settingsShown() {
  const properties = PropertiesService.getDocumentProperties();
  return {
    address: properties.getProperty(ADDRESS_PROPERTY) || "",
    hasToken: Boolean(properties.getProperty(TOKEN_PROPERTY)),
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
  if (!IS_ADDRESS.test(plain)) throw new Error(`“${plain}” is no address: it begins with https://.`);
  const asked =
    token.trim() || (plain === properties.getProperty(ADDRESS_PROPERTY) && properties.getProperty(TOKEN_PROPERTY)) || "";
  const shown = asked || identityToken_();
  const service = { address: plain, authorization: shown ? `Bearer ${shown}` : "" };
  const words = vocabularyOf_(service);
  properties.setProperty(ADDRESS_PROPERTY, plain);
  if (asked) properties.setProperty(TOKEN_PROPERTY, asked);
  else properties.deleteProperty(TOKEN_PROPERTY);
  return `Saved. agentcost answers, and knows ${words.commands.length} commands.`;
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
