// What makes pages quicker to use. Every page works without it: nothing here decides anything.
(() => {
  "use strict";

  // ---- data-confirm="question" on a form or a submit button: ask before sending ----
  const buildDialog = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "kc-dialog";
    dialog.setAttribute("aria-labelledby", "kc-dialog-text");
    dialog.innerHTML =
      '<p id="kc-dialog-text"></p><div class="kc-dialog-buttons">' +
      '<button type="button" class="btn btn-outline-primary" value="">Quay lại</button>' +
      '<button type="button" class="btn btn-primary" value="yes"></button></div>';
    dialog.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) dialog.close(button.value);
    });
    document.body.append(dialog);
    return dialog;
  };

  const ask = (question, label, then) => {
    const dialog = document.querySelector("dialog.kc-dialog") || buildDialog();
    dialog.querySelector("p").textContent = question;
    dialog.querySelector('[value="yes"]').textContent = label || "Đồng ý";
    dialog.returnValue = "";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && then(), { once: true });
    dialog.showModal();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const source = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!source.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(source.dataset.confirm, source.dataset.confirmLabel || submitter?.textContent.trim(), () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    });
  }, true);

  // ---- a second press of the same button sends nothing ----
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-download")) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    // Disabled only after the browser has read the form: the pressed button's own value must go with it.
    setTimeout(() => submitButtons(form).forEach((button) => (button.disabled = true)));
  });
  const submitButtons = (form) => [...form.elements].filter((element) => element.type === "submit");
  const release = (form) => {
    delete form.dataset.sending;
    submitButtons(form).forEach((button) => (button.disabled = false));
  };
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(release);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-sending]");
    if (form) release(form);
  });

  // ---- form[data-warn-unsaved]: leaving with typed text asks first ----
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-warn-unsaved")) changed.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) changed.delete(event.target);
  });
  addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });

  // ---- the browser's own complaints, in Vietnamese whatever its language ----
  document.addEventListener("invalid", (event) => {
    const { validity } = event.target;
    event.target.setCustomValidity("");
    if (validity.valueMissing) event.target.setCustomValidity("Chưa nhập mục này.");
    else if (!validity.valid) event.target.setCustomValidity("Giá trị chưa hợp lệ.");
  }, true);
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => event.target.setCustomValidity?.(""), true);
  }

  // ---- [data-formset]: add a row from its <template>, strike out rows marked for deletion ----
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-formset-add]");
    if (!button) return;
    const box = button.closest("[data-formset]");
    const total = box.querySelector(`[name="${box.dataset.formset}-TOTAL_FORMS"]`);
    const shape = document.createElement("template");
    shape.innerHTML = box.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    const row = shape.content.firstElementChild;
    box.querySelector("[data-formset-rows]").append(row);
    total.value = Number(total.value) + 1;
    document.dispatchEvent(new CustomEvent("kc:added", { detail: row }));
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-formset-delete]")) return;
    event.target.closest("[data-formset-row]")?.classList.toggle("kc-row-deleted", event.target.checked);
  });
  const showTools = (root) => root.querySelectorAll("[data-formset-add]").forEach((button) => (button.hidden = false));

  // ---- htmx: say what went wrong instead of nothing; a whole page (the login) is opened, not pasted in ----
  const complain = (text) => {
    const box = document.getElementById("messages");
    if (!box) return;
    const alert = document.createElement("div");
    alert.className = "alert alert-danger";
    alert.setAttribute("role", "alert");
    alert.textContent = text;
    box.replaceChildren(alert);
  };
  document.addEventListener("htmx:sendError", () => complain("Không kết nối được máy chủ. Hãy kiểm tra mạng rồi thử lại."));
  document.addEventListener("htmx:responseError", (event) => {
    const forbidden = event.detail.xhr.status === 403;
    complain(forbidden ? "Tài khoản không có quyền làm việc này." : "Máy chủ không xử lý được yêu cầu. Hãy tải lại trang.");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 200 && /^\s*<!doctype/i.test(xhr.responseText)) {
      event.detail.shouldSwap = false;
      location.assign(xhr.responseURL);
    }
  });
  document.addEventListener("htmx:load", (event) => showTools(event.target));

  showTools(document);
  document.querySelector("[data-focus]")?.focus();
})();
