// Money inputs ([data-money]): digits grouped while typed, the amount in words beside them, live sums of a table.
// The server reads the text again and alone decides; here an unclear amount is shown as unclear, never guessed.
//
// Sums: inside [data-sum-table], inputs carry data-sum-row="r" and/or data-sum-col="c";
// <output data-sum-of-row="r">, <output data-sum-of-col="c"> and <output data-sum-of-all> show the sums.
(() => {
  "use strict";

  const UNITS = { "tỷ": 1e9, "tỉ": 1e9, ty: 1e9, ti: 1e9, "triệu": 1e6, trieu: 1e6, tr: 1e6, "nghìn": 1e3, "ngàn": 1e3, "đồng": 1, "đ": 1, d: 1, dong: 1 };
  const GROUPED = /^\d{1,3}(\.\d{3})+$/;
  const LONE = /^\d{1,3}\.\d{3}$/; // "4.020" may be four thousand or four and a bit
  const group = (digits) => String(digits).replace(/\B(?=(\d{3})+$)/g, ".");
  const decimal = (text) => Number(text.replace(/[.\s]/g, "").replace(",", "."));

  /** Whole đồng; null when empty or not clear. `unit`: what a bare number counts, 0 when the text must say it. */
  const parse = (text, unit) => {
    text = text.normalize("NFC").trim().toLowerCase();
    if (/^0+$/.test(text)) return 0;
    if (/^\d+(,\d+)?$/.test(text) || GROUPED.test(text)) return bare(text, unit);
    let total = 0;
    const rest = text.replace(/([\d.,]+)\s*([\p{L}]+)/gu, (whole, number, name) => {
      const value = UNITS[name] ?? NaN;
      total += value > 1 && LONE.test(number) ? NaN : decimal(number) * value;
      return "";
    });
    return rest.trim() || !total ? null : Math.round(total);
  };

  const bare = (text, unit) => {
    const lone = LONE.test(text);
    if (unit) return (lone && unit > 1) || (unit === 1 && text.includes(",")) ? null : Math.round(decimal(text) * unit);
    // Without a unit only a large whole number is certainly đồng.
    return lone || text.includes(",") || decimal(text) < 1e6 ? null : decimal(text);
  };

  const amount = (input) => parse(input.value, Number(input.dataset.unit || 0));

  const inWords = (vnd) => {
    const [unit, name] = vnd >= 1e9 ? [1e9, "tỷ"] : [1e6, "triệu"];
    const sign = (vnd * 1000) % unit ? "≈" : "=";
    return `${sign} ${(vnd / unit).toLocaleString("vi-VN", { maximumFractionDigits: 3 })} ${name} đồng`;
  };

  const hintText = (input) => {
    const text = input.value.trim();
    const vnd = amount(input);
    if (!text || vnd === 0) return "";
    if (vnd === null) return /^[\d.,]+$/.test(text) ? "Chưa rõ đơn vị: ghi thêm đồng, triệu hoặc tỷ" : "";
    return /^[\d.]+$/.test(text) && !(input.dataset.unit > 1) && vnd >= 1e6 ? inWords(vnd) : `= ${group(vnd)} đồng`;
  };

  const hintOf = (input) => {
    const old = input.id && document.getElementById(`${input.id}_hint`);
    if (old || input.closest("[data-sum-table], [data-formset-row]")) return old || null;
    const hint = document.createElement("div");
    hint.className = "form-text kc-money-hint";
    hint.id = `${input.id}_hint`;
    (input.closest(".input-group") || input).after(hint);
    input.setAttribute("aria-describedby", `${hint.id} ${input.getAttribute("aria-describedby") || ""}`.trim());
    return hint;
  };

  /** Groups only what cannot be misread: seven digits and more, or a text that was grouped here before. */
  const regroup = (input) => {
    const text = input.value;
    const digits = text.replaceAll(".", "");
    const plain = /^\d+$/.test(text) || GROUPED.test(text) || (input.dataset.grouped && /^[\d.]+$/.test(text));
    const clear = digits.length >= 7 && plain && (input.dataset.grouped || /^\d+$/.test(text) || text.split(".").length > 2);
    if (!clear) {
      if (input.dataset.grouped && /^[\d.]+$/.test(text)) place(input, digits);
      delete input.dataset.grouped;
      return;
    }
    place(input, group(digits.replace(/^0+(?=\d)/, "")));
    input.dataset.grouped = "yes";
  };

  /** Sets the text and keeps the caret beside the same digit, counted from the right. */
  const place = (input, text) => {
    if (text === input.value) return;
    const right = input.value.slice(input.selectionEnd).replaceAll(".", "").length;
    input.value = text;
    if (input !== document.activeElement) return;
    let position = text.length;
    for (let passed = 0; position > 0 && passed < right; position--) if (text[position - 1] !== ".") passed++;
    input.setSelectionRange(position, position);
  };

  const sums = (table) => {
    const inputs = [...table.querySelectorAll("input[data-sum-row], input[data-sum-col]")];
    const show = (output, chosen) => {
      const values = chosen.map((input) => (input.value.trim() ? amount(input) : 0));
      output.textContent = values.includes(null) ? "?" : group(values.reduce((sum, value) => sum + value, 0));
    };
    for (const output of table.querySelectorAll("[data-sum-of-row]")) {
      show(output, inputs.filter((input) => input.dataset.sumRow === output.dataset.sumOfRow));
    }
    for (const output of table.querySelectorAll("[data-sum-of-col]")) {
      show(output, inputs.filter((input) => input.dataset.sumCol === output.dataset.sumOfCol));
    }
    for (const output of table.querySelectorAll("[data-sum-of-all]")) show(output, inputs);
  };

  const refresh = (input) => {
    const hint = hintOf(input);
    if (hint) hint.textContent = hintText(input);
  };

  const prepare = (root) => {
    for (const input of root.querySelectorAll("input[data-money]")) {
      regroup(input);
      refresh(input);
    }
    const tables = new Set([...root.querySelectorAll("[data-sum-table]"), root.closest?.("[data-sum-table]")]);
    tables.forEach((table) => table && sums(table));
  };

  document.addEventListener("input", (event) => {
    if (!event.target.matches("input[data-money], input[data-sum-row], input[data-sum-col]")) return;
    if (event.target.matches("[data-money]")) {
      regroup(event.target);
      refresh(event.target);
    }
    const table = event.target.closest("[data-sum-table]");
    if (table) sums(table);
  });
  document.addEventListener("kc:added", (event) => prepare(event.detail));
  document.addEventListener("htmx:load", (event) => prepare(event.target));
  prepare(document);
})();
