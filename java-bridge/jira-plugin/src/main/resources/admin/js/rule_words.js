// Matching rules in people's words. The engine writes `attribute:employeeNumber = username`; who administers Jira reads
// "Employee number = Username".

import { get } from './api.js';
import { Choice } from './combobox.js';
import { t, tOr } from './texts.js';

/** What names a person by itself; of these, the schema has some as attributes too. */
const KEYS = ['login', 'email', 'login_local_part'];

/** What can be compared in Okta, by the name that it has in rules. */
let titles = new Map();

/** Reads what attributes are called; gives what a rule can compare, as choices. */
export async function readTitles() {
  const { attributes } = await get('api/attributes');
  const others = attributes.filter(({ name }) => !KEYS.includes(name));
  titles = new Map(others.map(({ name, title }) => [`attribute:${name}`, title || name]));
  return [
    ...KEYS.map((name) => new Choice(name, t(`rules.okta.${name}`))),
    ...others.map(({ name, title }) => new Choice(`attribute:${name}`, titled(name, title))),
  ];
}

/** A title with the name that rules and settings go by, where it differs. */
export function titled(name, title) {
  return (title || name) === name ? name : `${title} (${name})`;
}

/** A rule in words; a key or field that this page does not know shows as it is written. */
export function ruleWords(rule) {
  const [, okta, jira] = /^(.*?)\s*=\s*([^=]*)$/.exec(rule) || [rule, rule, ''];
  const name = titles.get(okta) || tOr(`rules.okta.${okta}`, okta.replace(/^attribute:/, ''));
  return t('rules.words', name, tOr(`rules.jira.${jira}`, jira));
}
