// A small picture of the last runs: a line for the number of users, and a bar for the changes of each run.

import { el } from './dom.js';
import { number, t, when } from './texts.js';

const WIDTH = 360;
const HEIGHT = 96;
const RUNS = 12;

function svg(name, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** The picture of complete runs, oldest first; a sentence if there are too few runs for a picture. */
export function trend(runs) {
  const complete = runs.filter((run) => run.state === 'complete').slice(0, RUNS).reverse();
  if (complete.length < 2) {
    return el('p', { class: 'okp-empty' }, t('overview.chart.none'));
  }
  const changes = complete.map((run) => run.added + run.updated + run.absent + run.returned);
  const most = Math.max(...changes, 1);
  const largest = Math.max(...complete.map((run) => run.present), 1);
  const step = WIDTH / complete.length;
  const middle = (index) => (index + 0.5) * step;
  const bars = changes.map((count, index) => {
    const height = count === 0 ? 0 : Math.max(2, (count / most) * (HEIGHT - 8));
    return svg('rect', { class: 'okp-bar', x: index * step + step * 0.2, y: HEIGHT - height, width: step * 0.6, height });
  });
  const points = complete.map((run, index) => `${middle(index).toFixed(1)},${(HEIGHT - 4 - (run.present / largest) * (HEIGHT - 12)).toFixed(1)}`);
  const first = complete[0];
  const last = complete[complete.length - 1];
  const words = t('overview.chart.words', number(complete.length), number(first.present), number(last.present), number(Math.max(...changes)));
  return el(
    'figure',
    { class: 'okp-trend' },
    svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': words, preserveAspectRatio: 'none' },
      ...bars, svg('polyline', { class: 'okp-line', points: points.join(' ') })),
    el('figcaption', { class: 'okp-subtle' }, t('overview.chart.caption', when(first.started), when(last.started))),
  );
}
