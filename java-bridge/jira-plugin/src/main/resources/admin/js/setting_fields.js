// Fields that stand for one setting each. A field names its setting in data-setting, such as groups.namePrefix; one with
// data-list holds several words: a text between its commas, checkboxes of one setting by their values.

const fieldsOf = (form) => [...form.querySelectorAll('[data-setting]')];
const words = (text) => text.split(',').map((word) => word.trim()).filter(Boolean);
const isList = (field) => 'list' in field.dataset;

/** Puts the settings into the fields of a form. */
export function showSettings(form, settings) {
  for (const field of fieldsOf(form)) {
    const setting = field.dataset.setting.split('.').reduce((part, name) => part[name], settings);
    if (field.type === 'checkbox' && isList(field)) {
      // No word means every word.
      field.checked = setting.length === 0 || setting.includes(field.value);
    } else if (field.type === 'checkbox') {
      field.checked = setting;
    } else if (field.type === 'radio') {
      field.checked = field.value === setting;
    } else {
      field.value = isList(field) ? setting.join(', ') : setting;
    }
  }
}

/** What the fields of a form say, as the server takes it. */
export function settingsOf(form) {
  const settings = {};
  for (const field of fieldsOf(form)) {
    const path = field.dataset.setting.split('.');
    const name = path.pop();
    const part = path.reduce((inner, step) => (inner[step] ??= {}), settings);
    part[name] = said(field, part[name]);
  }
  return settings;
}

/** What a field says of its setting, of which other fields may have said something before. */
function said(field, before) {
  if (field.type === 'checkbox' && isList(field)) {
    return [...(before || []), ...(field.checked ? [field.value] : [])];
  }
  if (field.type === 'checkbox') {
    return field.checked;
  }
  if (field.type === 'radio') {
    return field.checked ? field.value : before;
  }
  if (field.type === 'number') {
    return field.valueAsNumber;
  }
  return isList(field) ? words(field.value) : field.value.trim();
}
