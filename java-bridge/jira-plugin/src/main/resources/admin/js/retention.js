// What is kept of Okta in Jira: whose profiles, and which attributes of them.

import { get, post } from './api.js';
import { busy, byId, notice, noticeError } from './dom.js';
import { t } from './texts.js';

const words = (list) => (list || []).join(', ');
const list = (text) => text.split(',').map((word) => word.trim()).filter(Boolean);

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
      attributesKeep: list(byId('keep').value),
      attributesDrop: list(byId('drop').value),
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
