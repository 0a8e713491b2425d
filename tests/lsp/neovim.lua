-- What a person does in Neovim, by Neovim's own client: open a file, read what is wrong with it,
-- complete a line, rename a task, save. What happened goes to the file named by OUT, as JSON.
local root, python, out = vim.env.ROOT, vim.env.PYTHON, vim.env.OUT
local seen = {}

local function finish()
  vim.fn.writefile({ vim.fn.json_encode(seen) }, out)
  vim.cmd("qall!")
end

local function await(what, condition)
  if not vim.wait(30000, condition, 20) then
    seen.missed = what
    finish()
  end
end

vim.cmd("edit " .. root .. "/projects/pay/tasks/PAY-3.yaml")
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({
  name = "orchestrator",
  cmd = { python, "-m", "orchestrator", "lsp" },
  root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = "plan" } },
})
vim.lsp.buf_attach_client(buffer, id)
await("a client", function()
  local client = vim.lsp.get_client_by_id(id)
  return client ~= nil and client.initialized
end)

vim.api.nvim_buf_set_lines(buffer, 2, 3, true, { "status: donee" })
await("a problem", function()
  return #vim.diagnostic.get(buffer) > 0
end)
local problem = vim.diagnostic.get(buffer)[1]
seen.problem = { problem.code, problem.lnum, problem.col, problem.end_col, problem.source }

vim.api.nvim_buf_set_lines(buffer, 2, 3, true, { "status: in_re" })
vim.api.nvim_win_set_cursor(0, { 3, 13 })
local answers = vim.lsp.buf_request_sync(
  buffer,
  "textDocument/completion",
  vim.lsp.util.make_position_params(0, "utf-16"),
  30000
)
local items = vim.lsp.util.extract_completion_items(answers[id].result)
seen.offered = vim.tbl_map(function(item)
  return item.label
end, items)
vim.lsp.util.apply_text_edits({ items[1].textEdit }, buffer, "utf-16")
seen.line = vim.api.nvim_buf_get_lines(buffer, 2, 3, true)[1]

vim.api.nvim_buf_set_lines(buffer, 2, 3, true, { "status: todo" })
await("no problem", function()
  return #vim.diagnostic.get(buffer) == 0
end)

vim.fn.search("PAY-2")
vim.lsp.buf.rename("PAY-22")
await("another name", function()
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), "\n")
  return text:find("PAY%-22", 1) ~= nil
end)
vim.cmd("silent! wall")
finish()
