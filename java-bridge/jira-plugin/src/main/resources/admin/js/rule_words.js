// Matching rules in words. The engine writes `attribute:employeeNumber = username`; an administrator of Jira reads
// "Employee number = Username".

import { get } from './api.js';
import { Choice } from './combobox.js';
import { t, tOr } from './texts.js';

/** Values that identify a person; the schema contains some of them as attributes too. */
const KEYS = ['login', 'email', 'login_local_part'];

/** The Okta values that a rule can compare, by their names in rules. */
let titles = new Map();

/** Reads the titles of attributes. Returns the values that a rule can compare, as choices. */
export async function readTitles() {
  const { attributes } = await get('api/attributes');
  const others = attributes.filter(({ name }) => !KEYS.includes(name));
  titles = new Map(others.map(({ name, title }) => [`attribute:${name}`, title || name]));
  return [
    ...KEYS.map((name) => new Choice(name, t(`rules.okta.${name}`))),
    ...others.map(({ name, title }) => new Choice(`attribute:${name}`, titled(name, title))),
  ];
}

/** A title, with the name of rules and settings in brackets if that differs. */
export function titled(name, title) {
  return (title || name) === name ? name : `${title} (${name})`;
}

/** A rule in words. A value that this page does not know is shown as it is written. */
export function ruleWords(rule) {
  const [, okta, jira] = /^(.*?)\s*=\s*([^=]*)$/.exec(rule) || [rule, rule, ''];
  const name = titles.get(okta) || tOr(`rules.okta.${okta}`, okta.replace(/^attribute:/, ''));
  return t('rules.words', name, tOr(`rules.jira.${jira}`, jira));
}
