// Matching rules in their order: the first rule that finds anybody decides.

import { get, post } from './api.js';
import { busy, byId, el, errorMessage, fill, message, notice } from './dom.js';
import { changed } from './connection.js';
import { orderedList } from './ordered_list.js';
import { number, plural, t } from './texts.js';

/** What names a person by itself; every attribute of the org's schema follows, under a name that says what it is. */
const KEYS = ['login', 'email', 'login_local_part'];
/** Of these, the ones that the schema has as attributes too. */
const SCHEMA_KEYS = ['login', 'email'];

let rules = [];

export async function show() {
  const [settings, attributes] = await Promise.all([get('api/settings'), get('api/attributes')]);
  set(settings.rules || []);
  const others = (attributes.attributes || []).filter(({ name }) => !SCHEMA_KEYS.includes(name));
  fill(
    byId('rule-okta'),
    KEYS.map((name) => el('option', { value: name }, t(`rules.okta.${name}`))),
    others.map(({ name, title }) => el('option', { value: `attribute:${name}` }, (title || name) === name ? name : `${title} (${name})`)),
  );
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
