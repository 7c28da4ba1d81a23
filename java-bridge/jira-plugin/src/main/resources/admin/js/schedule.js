// How often Jira synchronizes by itself, and who gets a mail if that fails.

import { get, post } from './api.js';
import { busy, byId, el, fill, notice, noticeError } from './dom.js';
import { settingsOf, showSettings } from './setting_fields.js';
import { duration, t } from './texts.js';

/** The intervals on offer, in minutes, because Jira's scheduler supports whole minutes only. */
const INTERVALS = [0, 15, 30, 60, 120, 240, 480, 720, 1440, 10080];

export async function show() {
  const settings = await get('api/settings');
  const { intervalMinutes } = settings;
  showSettings(byId('notices-form'), settings);
  const offered = [...new Set([...INTERVALS, intervalMinutes || 0])].sort((a, b) => a - b);
  fill(
    byId('interval'),
    offered.map((minutes) =>
      el('option', { value: String(minutes) }, minutes === 0 ? t('schedule.off') : t('schedule.every', duration(minutes * 60_000)))),
  );
  byId('interval').value = String(intervalMinutes || 0);
}

async function save(settings) {
  try {
    await post('api/settings', settings);
    notice(t('saved'));
  } catch (error) {
    noticeError(error);
  }
}

byId('schedule-form').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(event.submitter, () => save({ intervalMinutes: Number(byId('interval').value) }));
});
byId('notices-form').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(event.submitter, () => save(settingsOf(byId('notices-form'))));
});
