// Display: what panels show and in which order, what people may search by in JQL, who may, and in which projects.

import { get, post } from './api.js';
import { among, Choice, combobox, named } from './combobox.js';
import { busy, byId, el, fieldError, fill, fillPairs, notice, noticeError } from './dom.js';
import { orderedList } from './ordered_list.js';
import { titled } from './rule_words.js';
import { t, tOr } from './texts.js';

/** Names that are not attributes but may be shown and searched by like attributes; they are those of JQL. */
const BESIDES = ['status', 'group', 'manager'];

let titles = new Map();
/** The values of one matched user, so that the sample looks like the panel on an issue. */
let sample = new Map();

const shown = chooser('panel', showSample);
const searched = chooser('search', () => {});

export async function show() {
  const [settings, known] = await Promise.all([get('api/settings'), get('api/attributes')]);
  sample = await oneOfMany();
  titles = new Map(BESIDES.map((name) => [name, t(`display.besides.${name}`)]));
  for (const attribute of known.attributes || []) {
    titles.set(nameInJql(attribute.name), attribute.title || attribute.name);
  }
  shown.set(settings.panelAttributes || []);
  searched.set(settings.searchAttributes || []);
  byId('group').value = settings.visibleToGroup || '';
  showProjects(settings.allProjects || [], new Set(settings.projects || []));
}

/** The name of an attribute in JQL. An attribute with one of these three names gets a prefix. */
const nameInJql = (name) => (BESIDES.includes(name) ? `profile.${name}` : name);

async function oneOfMany() {
  const { rows } = await get('api/directory', { view: 'matched', limit: 1 });
  if (rows.length === 0) {
    return new Map();
  }
  const user = await get('api/directory/user', { oktaId: rows[0].okta.id });
  const values = new Map(user.attributes.map((attribute) => [nameInJql(attribute.name), String(attribute.value)]));
  values.set('status', tOr(`status.${user.okta.status}`, user.okta.status));
  values.set('group', user.groups.map((group) => group.name).join(', '));
  values.set('manager', user.manager?.jira?.displayName || user.manager?.okta?.name || '');
  return values;
}

const title = (name) => titles.get(name) || name;

/** A list of chosen names, with a form that offers the names that are not chosen yet. */
function chooser(kind, changed) {
  const field = byId(`${kind}-attribute`);
  let chosen = [];
  let left = [];
  const set = (next) => {
    chosen = next;
    orderedList(byId(`${kind}-attributes`), chosen, title, after);
    after(chosen);
  };
  const after = (order) => {
    chosen = order;
    left = [...titles.keys()].filter((name) => !chosen.includes(name)).map((name) => new Choice(name, titled(name, title(name))));
    field.value = '';
    fieldError(`${kind}-attribute`, '');
    byId(`${kind}-add`).hidden = left.length === 0;
    changed(chosen);
  };
  combobox(field, among(() => left));
  byId(`${kind}-add`).addEventListener('submit', (event) => {
    event.preventDefault();
    const choice = named(left, field.value);
    if (choice) {
      set([...chosen, choice.value]);
    } else {
      fieldError(`${kind}-attribute`, t('choices.choose'));
    }
    field.focus();
  });
  return { set, get: () => chosen };
}

function showSample(chosen) {
  fillPairs(byId('sample'), chosen.map((name) => [title(name), sample.get(name) || t('display.sample.none')]));
}

function showProjects(projects, on) {
  fill(
    byId('projects'),
    projects.map(({ key, name }) => {
      const id = `okp-project-${key}`;
      return el(
        'div',
        { class: 'checkbox' },
        el('input', { class: 'checkbox', type: 'checkbox', id, value: key, checked: on.has(key) }),
        el('label', { for: id }, name, ' ', el('span', { class: 'okp-subtle' }, key)),
      );
    }),
  );
}

async function save() {
  const projects = [...byId('projects').querySelectorAll('input:checked')].map((box) => box.value);
  try {
    const visibleToGroup = byId('group').value.trim();
    await post('api/settings', { panelAttributes: shown.get(), searchAttributes: searched.get(), visibleToGroup, projects });
    if (visibleToGroup) {
      notice(t('display.saved'));
    } else {
      notice(t('display.saved.nobody'), 'warning');
    }
  } catch (error) {
    noticeError(error);
  }
}

combobox(byId('group'), async (q) => {
  const { groups, more } = await get('api/groups', { q });
  return [groups.map((name) => new Choice(name)), more];
});
byId('display-form').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(event.submitter, save);
});
