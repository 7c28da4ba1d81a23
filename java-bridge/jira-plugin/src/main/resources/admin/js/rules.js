// Matching rules in their order: the first rule that finds anybody decides.

import { get, post } from './api.js';
import { busy, byId, el, errorMessage, fill, message, nameOf, notice } from './dom.js';
import { changed } from './connection.js';
import { orderedList } from './ordered_list.js';
import { number, plural, t, tOr } from './texts.js';

/** What names a person by itself; every attribute of the org's schema follows, under a name that says what it is. */
const KEYS = ['login', 'email', 'login_local_part'];
/** Of these, the ones that the schema has as attributes too. */
const SCHEMA_KEYS = ['login', 'email'];

let rules = [];
/** What attributes are called in rules and by people. */
let titles = new Map();

/** A rule in people's words; a key or field that this page does not know shows as it is written. */
function words(rule) {
  const [, okta, jira] = /^(.*?)\s*=\s*([^=]*)$/.exec(rule) || [rule, rule, ''];
  const name = titles.get(okta) || tOr(`rules.okta.${okta}`, okta.replace(/^attribute:/, ''));
  return t('rules.words', name, tOr(`rules.jira.${jira}`, jira));
}

export async function show() {
  const [settings, attributes] = await Promise.all([get('api/settings'), get('api/attributes')]);
  const others = (attributes.attributes || []).filter(({ name }) => !SCHEMA_KEYS.includes(name));
  titles = new Map(others.map(({ name, title }) => [`attribute:${name}`, title || name]));
  set(settings.rules || []);
  fill(
    byId('rule-okta'),
    KEYS.map((name) => el('option', { value: name }, t(`rules.okta.${name}`))),
    others.map(({ name, title }) => el('option', { value: `attribute:${name}` }, (title || name) === name ? name : `${title} (${name})`)),
  );
  fill(byId('rules-result'));
}

function set(next) {
  rules = next;
  orderedList(byId('rules'), rules, words, (order) => {
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

/** Pairs by name, each leading to the profile, and how many more there are. */
function people(key, pairs, all) {
  if (pairs.length === 0) {
    return null;
  }
  const items = pairs.map(({ okta, jira, rule }) =>
    el('li', {}, el('a', { href: `#/directory/${encodeURIComponent(okta.id)}` }, nameOf(okta)), ' ',
      el('span', { class: 'okp-subtle' }, t('rules.preview.pair', jira.displayName || jira.username, jira.username, rule ? words(rule) : t('match.pinned')))));
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

byId('rule-add').addEventListener('submit', (event) => {
  event.preventDefault();
  const rule = `${byId('rule-okta').value}=${byId('rule-jira').value}`;
  if (!rules.includes(rule)) {
    set([...rules, rule]);
    fill(byId('rules-result'));
  }
});
byId('rules-save').addEventListener('click', () => busy(byId('rules-save'), save));
byId('rules-preview').addEventListener('click', () => busy(byId('rules-preview'), preview));
