// What is kept of Okta in Jira: whose profiles, and which attributes of them.

import { get, post } from './api.js';
import { busy, byId, notice, noticeError } from './dom.js';
import { t } from './texts.js';

const words = (value) => (Array.isArray(value) ? value.join(', ') : value || '');

export async function show() {
  const settings = await get('api/settings');
  byId(settings.retain === 'matched' ? 'retain-matched' : 'retain-all').checked = true;
  byId('keep').value = words(settings.attributesKeep);
  byId('drop').value = words(settings.attributesDrop);
}

async function save() {
  try {
    await post('api/settings', {
      retain: byId('retain-matched').checked ? 'matched' : 'all',
      attributesKeep: byId('keep').value.trim(),
      attributesDrop: byId('drop').value.trim(),
    });
    notice(t('keep.saved'));
  } catch (error) {
    noticeError(error);
  }
}

byId('keep-form').addEventListener('submit', (event) => {
  event.preventDefault();
  busy(event.submitter, save);
});
