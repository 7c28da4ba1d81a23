// Matching rules in their order: the first rule that finds a user decides.

import { get, post } from './api.js';
import { among, combobox, named } from './combobox.js';
import { busy, byId, el, errorMessage, fieldError, fill, message, notice } from './dom.js';
import { changed } from './connection.js';
import { orderedList } from './ordered_list.js';
import { readTitles, ruleWords } from './rule_words.js';
import { number, plural, t } from './texts.js';

let rules = [];
/** The Okta values that a rule can compare. */
let offered = [];

export async function show() {
  const [settings, choices] = await Promise.all([get('api/settings'), readTitles()]);
  offered = choices;
  byId('rule-okta').value = '';
  fieldError('rule-okta', '');
  set(settings.rules || []);
  fill(byId('rules-result'));
}

function set(next) {
  rules = next;
  orderedList(byId('rules'), rules, ruleWords, (order) => {
    rules = order;
    fill(byId('rules-result'));
  });
}

async function preview() {
  try {
    const { present, proposed, gained, lost, gainedPairs, lostPairs } = await post('api/match/preview', { rules });
    const kind = lost > 0 ? 'warning' : 'info';
    fill(
      byId('rules-result'),
      message(kind, plural('rules.preview.pairs', proposed.matched), t('rules.preview.text', number(present.matched), number(gained), number(lost)),
        t('rules.preview.ambiguous', number(proposed.oktaAmbiguous))),
      people('rules.preview.lost', lostPairs, lost),
      people('rules.preview.gained', gainedPairs, gained),
    );
  } catch (error) {
    fill(byId('rules-result'), errorMessage(error));
  }
}

/** Pairs by name, each with a link to the profile, and how many more there are. */
function people(key, pairs, all) {
  if (pairs.length === 0) {
    return null;
  }
  const items = pairs.map(({ okta, jira, rule }) =>
    el('li', {}, el('a', { href: `#/directory/${encodeURIComponent(okta.id)}` }, okta.name), ' ',
      el('span', { class: 'okp-subtle' }, t('rules.preview.pair', jira.displayName || jira.username, jira.username, rule ? ruleWords(rule) : t('match.pinned')))));
  const more = all - pairs.length;
  if (more > 0) {
    items.push(el('li', { class: 'okp-subtle' }, plural('rules.preview.more', more)));
  }
  return el('div', {}, el('h5', {}, plural(key, all)), el('ul', { class: 'okp-people' }, items));
}

async function save() {
  try {
    await post('api/settings', { rules });
    fill(byId('rules-result'));
    notice(t('rules.saved'));
    changed();
  } catch (error) {
    fill(byId('rules-result'), errorMessage(error));
  }
}

combobox(byId('rule-okta'), among(() => offered));
byId('rule-add').addEventListener('submit', (event) => {
  event.preventDefault();
  const attribute = named(offered, byId('rule-okta').value);
  fieldError('rule-okta', attribute ? '' : t('choices.choose'));
  if (!attribute) {
    byId('rule-okta').focus();
    return;
  }
  byId('rule-okta').value = '';
  const rule = `${attribute.value}=${byId('rule-jira').value}`;
  if (!rules.includes(rule)) {
    set([...rules, rule]);
    fill(byId('rules-result'));
  }
});
byId('rules-save').addEventListener('click', () => busy(byId('rules-save'), save));
byId('rules-preview').addEventListener('click', () => busy(byId('rules-preview'), preview));
