// Fields for one setting each. A field names its setting in data-setting, such as groups.namePrefix. A setting with
// data-list has several words: the words of a text, separated by commas, or the values of its checked boxes.

const fieldsOf = (form) => [...form.querySelectorAll('[data-setting]')];
const words = (text) => text.split(',').map((word) => word.trim()).filter(Boolean);
const isList = (field) => 'list' in field.dataset;

/** Puts the settings into the fields of a form. */
export function showSettings(form, settings) {
  for (const field of fieldsOf(form)) {
    const setting = field.dataset.setting.split('.').reduce((part, name) => part[name], settings);
    if (field.type === 'checkbox' && isList(field)) {
      // An empty list means every word.
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

/** The settings in the fields of a form, in the form that the server reads. */
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

/** The value of a setting after this field. Other fields of the same setting may have added words before. */
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
