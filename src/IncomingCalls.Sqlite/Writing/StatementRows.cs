using SQLitePCL;

namespace IncomingCalls;

/// <summary>The rows of a query; disposing them readies the statement for the next.</summary>
internal readonly struct StatementRows(Statement owner, sqlite3_stmt statement) : IDisposable
{
    public bool Read() => owner.Step();

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public void Dispose() => raw.sqlite3_reset(statement);
}
