// axe-core on what is shown: no fault that it calls serious or critical, by the rules of WCAG 2.2 AA.

import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';

export async function checkAccessibility(page, what, within = 'html') {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxeBuilder({ page }).include(within).withTags(tags).analyze();
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
  expect(grave, `accessibility of ${what}`).toEqual([]);
}
