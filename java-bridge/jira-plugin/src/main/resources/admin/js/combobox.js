// A field that offers the entries that match its text, for lists that are too long to read: a combobox as WAI-ARIA
// describes it. AUI's comboboxes are not used, because it depends on the version of Jira whether they are loaded
// for a plugin's page.

import { announce, el, fill } from './dom.js';
import { plural, t } from './texts.js';

let count = 0;

/** One entry: the name in the settings, and the label that people see. */
export class Choice {
  constructor(value, label = value) {
    this.value = value;
    this.label = label;
  }
}

/**
 * Makes a field a combobox. `find` gets the text and returns the matching choices, and whether there are more; it
 * may return a promise. When a choice is taken, its label is put into the field.
 */
export function combobox(input, find) {
  count += 1;
  const list = el('ul', { role: 'listbox', id: `okp-choices-${count}`, 'aria-label': t('choices.label') });
  const note = el('p', { class: 'okp-subtle' });
  const popup = el('div', { class: 'okp-choices', hidden: true }, list, note);
  const field = el('span', { class: 'okp-combobox' });
  input.replaceWith(field);
  field.append(input, popup);
  const says = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': list.id, 'aria-expanded': 'false', autocomplete: 'off' };
  Object.entries(says).forEach(([name, value]) => input.setAttribute(name, value));
  let offered = [];
  let active = -1;
  let asked = 0;

  function point(to) {
    active = to;
    [...list.children].forEach((option, index) => option.setAttribute('aria-selected', String(index === to)));
    const option = list.children[to];
    option?.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', option?.id || '');
  }

  function show(open) {
    popup.hidden = !open;
    input.setAttribute('aria-expanded', String(open));
    point(-1);
  }

  function close() {
    asked += 1;
    show(false);
  }

  function choose(index) {
    input.value = offered[index].label;
    close();
  }

  async function open(text) {
    asked += 1;
    const mine = asked;
    // If nothing can be offered, the user can still type a name.
    const [choices, more] = await Promise.resolve(find(text.trim())).catch(() => [[], false]);
    if (mine !== asked) {
      return;
    }
    offered = choices;
    fill(list, offered.map(({ value, label }, index) =>
      el('li', { role: 'option', id: `${list.id}-${index}`, 'data-value': value, 'aria-selected': 'false', onclick: () => choose(index) }, label)));
    list.hidden = offered.length === 0;
    const words = offered.length === 0 ? t('choices.none') : more ? t('choices.more') : '';
    note.textContent = words;
    note.hidden = words === '';
    announce([plural('choices.count', offered.length), words].join(' '));
    show(true);
  }

  async function step(by) {
    if (popup.hidden) {
      await open('');
    }
    if (offered.length > 0) {
      point(active < 0 && by < 0 ? offered.length - 1 : (active + by + offered.length) % offered.length);
    }
  }

  input.addEventListener('input', () => open(input.value));
  input.addEventListener('click', () => (popup.hidden ? open('') : close()));
  input.addEventListener('blur', close);
  // Pressing the mouse on the list would take the focus from the field, and that would close the list.
  popup.addEventListener('mousedown', (event) => event.preventDefault());
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      step(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === 'Escape' && !popup.hidden) {
      event.preventDefault();
      close();
    }
  });
}

/** Finds choices in a list that is already loaded, by any part of a label. */
export function among(choices) {
  return (text) => {
    const part = text.toLowerCase();
    return [choices().filter(({ label }) => label.toLowerCase().includes(part)), false];
  };
}

/** The choice that a text means: its label or its value is the text, or it is the only match. */
export function named(choices, text) {
  const wanted = text.trim().toLowerCase();
  const by = (part) => choices.find((choice) => choice[part].toLowerCase() === wanted);
  const fitting = choices.filter(({ label }) => wanted && label.toLowerCase().includes(wanted));
  return by('label') || by('value') || (fitting.length === 1 ? fitting[0] : null);
}
