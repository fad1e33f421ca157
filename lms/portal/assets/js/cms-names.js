// In the editor of the CMS: a name, for whoever hears the page, of fields that Wagtail shows under a heading only
// (rich text, the one line of a block).
const FIELDS = '[contenteditable="true"], input:not([type="hidden"]), textarea, select';

function name(root) {
  for (const field of root.querySelectorAll(FIELDS)) {
    if (field.labels?.length || field.hasAttribute("aria-label") || field.hasAttribute("aria-labelledby")) continue;
    const heading = field.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
    if (heading) field.setAttribute("aria-labelledby", heading);
  }
}

const form = document.querySelector("[data-edit-form]");
if (form) {
  name(form);
  new MutationObserver(() => name(form)).observe(form, { childList: true, subtree: true });
}
