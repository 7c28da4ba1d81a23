// Matching rules in their order: the first rule that finds anybody decides.

import { get, post } from './api.js';
import { busy, byId, el, errorMessage, fill, message, notice } from './dom.js';
import { changed } from './connection.js';
import { orderedList } from './ordered_list.js';
import { number, plural, t } from './texts.js';

/** Attributes that most often name a person on both sides; those of the org's schema follow. */
const USUAL = ['login', 'email', 'secondEmail', 'employeeNumber'];

let rules = [];

export async function show() {
  const [settings, attributes] = await Promise.all([get('api/settings'), get('api/attributes')]);
  set(settings.rules || []);
  const names = (attributes.attributes || []).map((attribute) => attribute.name);
  const titles = new Map((attributes.attributes || []).map((attribute) => [attribute.name, attribute.title]));
  const offered = [...new Set([...USUAL, ...names])];
  fill(byId('rule-okta'), offered.map((name) => el('option', { value: name }, (titles.get(name) || name) === name ? name : `${titles.get(name)} (${name})`)));
  fill(byId('rules-result'));
}

function set(next) {
  rules = next;
  orderedList(byId('rules'), rules, (rule) => rule.replace(/\s*=\s*/, ' = '), (order) => {
    rules = order;
    fill(byId('rules-result'));
  });
}

async function preview() {
  try {
    const { present, proposed, gained, lost } = await post('api/match/preview', { rules });
    const kind = lost > 0 ? 'warning' : 'info';
    fill(
      byId('rules-result'),
      message(kind, plural('rules.preview.pairs', proposed.matched), t('rules.preview.text', number(present.matched), number(gained), number(lost)),
        t('rules.preview.ambiguous', number(proposed.oktaAmbiguous))),
    );
  } catch (error) {
    fill(byId('rules-result'), errorMessage(error));
  }
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
