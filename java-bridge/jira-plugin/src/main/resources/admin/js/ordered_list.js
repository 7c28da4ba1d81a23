// A list whose order the reader chooses: up, down and remove are buttons, so it needs no dragging.

import { announce, el, fill } from './dom.js';
import { t } from './texts.js';

/** Shows `items` (texts) in the list element; `label` gives their words, `changed` is told the new order. */
export function orderedList(list, items, label, changed) {
  const act = (next, focus, words) => {
    orderedList(list, next, label, changed);
    changed(next);
    announce(words);
    const row = list.children[Math.min(focus.index, next.length - 1)];
    const wanted = row?.querySelector(`[data-act=${focus.act}]:not([disabled])`) || row?.querySelector('button:not([disabled])');
    wanted?.focus();
  };
  const move = (index, by) => {
    const next = [...items];
    const [item] = next.splice(index, 1);
    next.splice(index + by, 0, item);
    act(next, { index: index + by, act: by < 0 ? 'up' : 'down' }, t('order.moved', label(item), index + by + 1));
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
  fill(
    list,
    items.map((item, index) =>
      el(
        'li',
        { class: 'okp-order-item' },
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
