using SQLitePCL;

namespace IncomingCalls;

/// <summary>What takes the place of a question mark: a number, a text, bytes or nothing.</summary>
internal readonly struct StatementValue
{
    private readonly object? _object;
    private readonly long? _number;

    private StatementValue(object? value, long? number) => (_object, _number) = (value, number);

    public static implicit operator StatementValue(long number) => new(null, number);

    public static implicit operator StatementValue(long? number) => new(null, number);

    public static implicit operator StatementValue(string? text) => new(text, null);

    public static implicit operator StatementValue(byte[]? bytes) => new(bytes, null);

    /// <summary>Binds the value; answers SQLite's result code.</summary>
    public int Bind(sqlite3_stmt statement, int index) => (_number, _object) switch
    {
        ({ } number, _) => raw.sqlite3_bind_int64(statement, index, number),
        (_, string text) => raw.sqlite3_bind_text(statement, index, text),
        // No bytes at all are not the same as nothing.
        (_, byte[] { Length: 0 }) => raw.sqlite3_bind_zeroblob(statement, index, 0),
        (_, byte[] bytes) => raw.sqlite3_bind_blob(statement, index, bytes),
        _ => raw.sqlite3_bind_null(statement, index),
    };
}
