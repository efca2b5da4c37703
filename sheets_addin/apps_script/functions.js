/**
 * The formulas. Each asks agentcost; nothing is calculated here. Text goes in as cells show it, figures come out as numbers.
 *
 * @OnlyCurrentDoc
 */

/**
 * Asks agentcost what Salesforce's AI agents cost.
 *
 * With a figure, gives that figure: money in US dollars, percentages out of 100, days as YYYY-MM-DD. Without, gives the answer's
 * table, or its figures with their labels where it has none. A range of questions gives one cell each: the figure, or the
 * sentence that is the answer.
 *
 * @param {string|string[][]} question A question, such as "breakeven 200 users", or a range of them.
 * @param {string|string[][]=} figure The key of the figure that is wanted, such as "seats_usd_per_month", or a range of them as large
 *     as that of the questions.
 * @param {any=} stamp Any cell; when it changes the question is asked again. Menu AgentCost → Refresh changes agentcost_stamp.
 * @return {any} The figure, the table, or a column of either.
 * @customfunction
 */
function AGENTCOST(question, figure, stamp) {
  return ask_(question, figure, stamp, "");
}

/**
 * Gives what a question or a range of them comes to.
 *
 * @param {any} question
 * @param {any} figure
 * @param {any} stamp
 * @param {string} command What it must be read as; empty: whatever it is.
 * @return {any}
 */
function ask_(question, figure, stamp, command) {
  const asked = grid_(question, (text) => text);
  const keys = likewise_(figure, asked);
  const answers = askGrid_(asked, keys, stamp, Array.isArray(question));
  const told = command ? ofCommand_(answers, command) : answers;
  if (Array.isArray(question)) return perCell_(told, keys);
  const answer = answerOf_(told[0][0]);
  return keys[0][0] ? figureOf_(answer, keys[0][0]) : tableOf_(answer);
}

/**
 * Compares every plan that can be bought for a workload, cheapest first.
 *
 * One row of cells is one workload: words such as "10000 interactions", or numbers under a first row that names them
 * (interactions, actions, users, discount, growth, sandbox, voice, price per pack). A column about anything else is a label and is
 * given back.
 * One workload gives the whole comparison in US dollars; several give a row each with the cheapest plan, its US dollars a month
 * and its US dollars a year.
 *
 * @param {...any} range Ranges or texts; those side by side belong together. A cell that holds a stamp refreshes.
 * @return {any[][]} The comparison.
 * @customfunction
 */
function AGENTCOST_COMPARE(...range) {
  const stamp = range.find(isStamp_);
  const workloads = workloads_(range.filter((one) => !isStamp_(one)));
  const said = workloads.map((one) => orFault_(one.say));
  const asked = said.map((words) => [words && !isFault_(words) ? `compare ${words}` : ""]);
  const isOne = said.filter(Boolean).length === 1;
  const told = ofCommand_(askGrid_(asked, likewise_(undefined, asked), stamp, !isOne), "compare");
  const known = told.filter(([one]) => one);
  if (known.length === 1 && isOne) return tableOf_(answerOf_(known[0][0]));
  return told.map(([one], y) => [
    ...workloads[y].labels,
    ...(one ? figuresOf_(one, ["cheapest_plan", "usd_per_month", "usd_per_year"]) : [isFault_(said[y]) ? said[y] : "", "", ""]),
  ]);
}

/**
 * Says where seats and credits cost the same for so many users.
 *
 * @param {number|string|any[][]} users How many people, or a range.
 * @param {string=} terms What else holds, such as "discount 25%" or "$0.08 per action".
 * @param {string=} figure The key of the figure that is wanted; by default actions_per_month, the actions a month at break-even.
 * @param {any=} stamp Any cell; when it changes the question is asked again.
 * @return {any} The figure, for each number of users.
 * @customfunction
 */
function AGENTCOST_BREAKEVEN(users, terms, figure, stamp) {
  const key = figure || "actions_per_month";
  return ask_(
    each_(users, (count) => `breakeven ${withUnit_(count, "users")} ${terms || ""}`),
    key,
    stamp,
    "breakeven",
  );
}

/**
 * Prices one plan for a workload, or an amount of credits.
 *
 * @param {string|any[][]} plan A plan, such as "flex", "conversations" or "add-on", or a range.
 * @param {string|any[][]} workload The workload, such as "10000 interactions 3 actions" or "100k credits", or a range as large.
 * @param {string=} figure The key of the figure that is wanted; by default the price in US dollars, of a month where it has one.
 * @param {any=} stamp Any cell; when it changes the question is asked again.
 * @return {any} The figure, for each plan and workload.
 * @customfunction
 */
function AGENTCOST_PRICE(plan, workload, figure, stamp) {
  const plans = likewise_(
    plan,
    grid_(workload, (text) => text),
  );
  const asked = grid_(workload, (text) => text).map((row, y) =>
    row.map((text, x) => plans[y][x] && text && `price ${plans[y][x]} ${text}`),
  );
  const keys = likewise_(figure, asked);
  const told = ofCommand_(askGrid_(asked, keys, stamp, true), "price");
  if (Array.isArray(workload)) return told.map((row, y) => row.map((one, x) => one && firstOrError_(one, keys[y][x])));
  return figureOf_(answerOf_(told[0][0]), keys[0][0] || FIRST_FIGURE);
}

/**
 * Tells a figure of the wallet.
 *
 * @param {string|string[][]=} figure The key of the figure, or a range of them; by default remaining_credits, the Flex Credits left.
 * @param {string=} part Which part of the wallet, such as "production" or "department Sales"; by default all of it.
 * @param {any=} stamp Any cell; when it changes the question is asked again.
 * @return {any} The figure: credits, US dollars, percentages out of 100, days as YYYY-MM-DD.
 * @customfunction
 */
function AGENTCOST_WALLET(figure, part, stamp) {
  const keys = figure || "remaining_credits";
  return ask_(
    each_(keys, () => `wallet ${part || ""}`),
    keys,
    stamp,
    "wallet",
  );
}
