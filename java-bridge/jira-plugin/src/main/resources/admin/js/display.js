// Display: which attributes the panels show, in which order, to whom, and in which projects.

import { get, post } from './api.js';
import { busy, byId, el, fill, fillPairs, notice, noticeError } from './dom.js';
import { orderedList } from './ordered_list.js';
import { t } from './texts.js';

let chosen = [];
let titles = new Map();
/** The attributes of a matched user, so that the sample shows what an issue would show. */
let sample = new Map();

export async function show() {
  const [settings, known] = await Promise.all([get('api/settings'), get('api/attributes')]);
  sample = await oneOfMany();
  titles = new Map((known.attributes || []).map((attribute) => [attribute.name, attribute.title || attribute.name]));
  set(settings.panelAttributes || []);
  byId('group').value = settings.visibleToGroup || '';
  showProjects(settings.allProjects || [], new Set(settings.projects || []));
}

async function oneOfMany() {
  const { rows } = await get('api/directory', { view: 'matched', limit: 1 });
  if (rows.length === 0) {
    return new Map();
  }
  const user = await get('api/directory/user', { oktaId: rows[0].okta.id });
  return new Map(user.attributes.map((attribute) => [attribute.name, String(attribute.value)]));
}

const title = (name) => titles.get(name) || name;

function set(next) {
  chosen = next;
  orderedList(byId('panel-attributes'), chosen, title, (order) => {
    chosen = order;
    afterOrder();
  });
  afterOrder();
}

/** What can still be added, and how a panel would look. */
function afterOrder() {
  const left = [...titles.keys()].filter((name) => !chosen.includes(name));
  fill(byId('panel-attribute'), left.map((name) => el('option', { value: name }, title(name) === name ? name : `${title(name)} (${name})`)));
  byId('panel-add').hidden = left.length === 0;
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
    await post('api/settings', { panelAttributes: chosen, visibleToGroup: byId('group').value.trim(), projects });
    notice(t('display.saved'));
  } catch (error) {
    noticeError(error);
  }
}

byId('panel-add').addEventListener('submit', (event) => {
  event.preventDefault();
  if (byId('panel-attribute').value) {
    set([...chosen, byId('panel-attribute').value]);
  }
});
byId('display-form').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(event.submitter, save);
});
