// A list that the user can put in order: by dragging, by buttons, or with Alt and the arrow keys.

import { announce, el, fill } from './dom.js';
import { t } from './texts.js';

/** Shows `items` (texts) in the list element. `label` returns the label of an item; `changed` gets the new order. */
export function orderedList(list, items, label, changed) {
  const act = (next, focus, words) => {
    orderedList(list, next, label, changed);
    changed(next);
    announce(words);
    const row = list.children[Math.min(focus.index, next.length - 1)];
    const wanted = row?.querySelector(`[data-act=${focus.act}]:not([disabled])`) || row?.querySelector('button:not([disabled])');
    wanted?.focus();
  };
  const moveTo = (from, to) => {
    const next = [...items];
    const [item] = next.splice(from, 1);
    next.splice(to, 0, item);
    act(next, { index: to, act: to < from ? 'up' : 'down' }, t('order.moved', label(item), to + 1));
  };
  const move = (index, by) => {
    if (items[index + by] !== undefined) {
      moveTo(index, index + by);
    }
  };
  const remove = (index) => {
    act(items.filter((_, at) => at !== index), { index, act: 'remove' }, t('order.removed', label(items[index])));
  };
  const button = (name, sign, item, disabled, press) =>
    el(
      'button',
      {
        type: 'button',
        class: 'aui-button aui-button-subtle okp-order-button',
        'data-act': name,
        'aria-label': t(`order.${name}`, label(item)),
        title: t(`order.${name}`, label(item)),
        disabled,
        onclick: press,
      },
      sign,
    );
  const keys = (index) => (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by && event.altKey) {
      event.preventDefault();
      move(index, by);
    }
  };
  fill(
    list,
    items.map((item, index) =>
      el(
        'li',
        { class: 'okp-order-item', onkeydown: keys(index), ...dragging(list, index, moveTo) },
        el('span', { class: 'okp-order-label' }, label(item)),
        el(
          'span',
          { class: 'okp-order-buttons' },
          button('up', '↑', item, index === 0, () => move(index, -1)),
          button('down', '↓', item, index === items.length - 1, () => move(index, 1)),
          button('remove', '×', item, false, () => remove(index)),
        ),
      ),
    ),
  );
}

/** The item that is being dragged, and its list; there can be only one. */
let draggedIn = null;
let draggedFrom = 0;

/** Makes an item draggable to the place of another item of the same list. */
function dragging(list, index, moveTo) {
  const isOurs = () => draggedIn === list;
  const mark = (event, on) => event.currentTarget.classList.toggle('okp-order-target', on && isOurs() && draggedFrom !== index);
  return {
    draggable: true,
    ondragstart: (event) => {
      draggedIn = list;
      draggedFrom = index;
      event.dataTransfer.effectAllowed = 'move';
      // Firefox does not drag an item without data.
      event.dataTransfer.setData('text/plain', '');
    },
    ondragend: () => {
      draggedIn = null;
    },
    ondragover: (event) => {
      if (isOurs()) {
        event.preventDefault();
        mark(event, true);
      }
    },
    ondragleave: (event) => mark(event, false),
    ondrop: (event) => {
      if (isOurs()) {
        event.preventDefault();
        draggedIn = null;
        if (draggedFrom !== index) {
          moveTo(draggedFrom, index);
        }
      }
    },
  };
}
