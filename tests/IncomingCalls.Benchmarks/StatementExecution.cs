using BenchmarkDotNet.Attributes;
using IncomingCalls.LoadTests;
using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Storage;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Benchmarks;

/// <summary>
/// The five statements of a call in the inbox file, in transactions of 64 calls, executed with our <see cref="Statement"/> and with prepared
/// commands of ADO.NET. The figures are per call.
/// </summary>
[MemoryDiagnoser]
public class StatementExecution
{
    private const int CallsPerTransaction = 64;
    private const long IdInstance = 1101000001;

    private static readonly string[] Sql =
    [
        "BEGIN IMMEDIATE",
        "INSERT INTO calls (id_instance, id_message, touched_at, facts) VALUES (?1, ?2, ?3, ?4) RETURNING id",
        "INSERT INTO work (call_id, id_instance, due_at, owed, waiting_since, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (call_id) DO UPDATE SET state = excluded.state",
        "SELECT c.id, c.facts, w.state FROM calls c LEFT JOIN work w ON w.call_id = c.id WHERE c.id_instance = ?1 AND c.id_message = ?2",
        "UPDATE calls SET touched_at = ?2, facts = ?3 WHERE id = ?1",
        "DELETE FROM work WHERE call_id = ?1",
        // So that the file does not grow.
        "DELETE FROM calls",
        "COMMIT",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _ids = [.. Enumerable.Range(0, CallsPerTransaction).Select(i => $"3EB0C767D097B7C7C6{i:00}")];
    private readonly byte[] _facts = new byte[90];
    private readonly byte[] _state = new byte[900];
    private SqliteConnection _connection = null!;
    private Statement[] _statements = [];
    private SqliteCommand[] _commands = [];

    [GlobalSetup]
    public void SetUp()
    {
        _connection = InboxFile.OpenForInbox(_folder.PathOf("calls.db"), new("benchmark", TimeProvider.System), lockIsEffective: true)!;
        // Waiting for the disk takes ten times as long as the statements and would hide the difference.
        InboxSchema.Execute(_connection, "PRAGMA synchronous = OFF");
        _statements = Array.ConvertAll(Sql, sql => new Statement(_connection, sql));
        _commands = Array.ConvertAll(Sql, CreateCommand);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        Array.ForEach(_statements, statement => statement.Dispose());
        Array.ForEach(_commands, command => command.Dispose());
        _connection.Dispose();
        _folder.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = CallsPerTransaction)]
    public int Statements()
    {
        var length = 0;
        _statements[0].Execute();
        foreach (var idMessage in _ids)
        {
            var id = _statements[1].Number(IdInstance, idMessage, 1L, _facts)!.Value;
            _statements[2].Execute(id, IdInstance, 2L, 1L, 1L, _state);
            using (var row = _statements[3].Query(IdInstance, idMessage))
            {
                row.Read();
                length += row.Bytes(1).Length + row.Bytes(2).Length;
            }

            _statements[4].Execute(id, 3L, _facts);
            _statements[5].Execute(id);
        }

        _statements[6].Execute();
        _statements[7].Execute();
        return length;
    }

    [Benchmark(OperationsPerInvoke = CallsPerTransaction)]
    public int Commands()
    {
        var length = 0;
        _commands[0].ExecuteNonQuery();
        foreach (var idMessage in _ids)
        {
            var id = (long)Bind(1, IdInstance, idMessage, 1L, _facts).ExecuteScalar()!;
            Bind(2, id, IdInstance, 2L, 1L, 1L, _state).ExecuteNonQuery();
            using (var row = Bind(3, IdInstance, idMessage).ExecuteReader())
            {
                row.Read();
                length += row.GetFieldValue<byte[]>(1).Length + row.GetFieldValue<byte[]>(2).Length;
            }

            Bind(4, id, 3L, _facts).ExecuteNonQuery();
            Bind(5, id).ExecuteNonQuery();
        }

        _commands[6].ExecuteNonQuery();
        _commands[7].ExecuteNonQuery();
        return length;
    }

    private SqliteCommand Bind(int command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _commands[command].Parameters[i].Value = values[i];
        }

        return _commands[command];
    }

    private SqliteCommand CreateCommand(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; sql.Contains($"?{i}", StringComparison.Ordinal); i++)
        {
            command.Parameters.Add(new() { ParameterName = $"?{i}" });
        }

        command.Prepare();
        return command;
    }
}
