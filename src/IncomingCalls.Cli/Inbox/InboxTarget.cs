using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Output;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Administration;
using IncomingCalls.PostgreSql.Options;

namespace IncomingCalls.Cli.Inbox;

/// <summary>The inbox of a command.</summary>
internal sealed class InboxTarget : IDisposable
{
    private readonly string _name;
    private readonly Func<StoredCallFilter, int, CancellationToken, ValueTask<IReadOnlyList<StoredCall>>> _findCalls;
    private readonly PostgreSqlInboxConnection? _connection;

    private InboxTarget(FileInfo file, SqliteInboxFile items)
    {
        _name = file.ToString();
        _findCalls = items.FindCallsAsync;
        Items = items;
    }

    private InboxTarget(PostgreSqlInboxConnection connection)
    {
        _name = "the PostgreSQL inbox";
        _findCalls = connection.Administration.FindCallsAsync;
        _connection = connection;
        Items = connection.Administration;
    }

    public ICallInboxAdministration Items { get; }

    /// <summary>Opens the inbox that the command line names. A database is connected to by the first request.</summary>
    /// <exception cref="CommandFailedException">There is no such file, or the connection string cannot be used.</exception>
    public static InboxTarget Open(ParseResult arguments, InboxLocation location, TimeProvider time)
    {
        if (location.GetFile(arguments) is not { } file)
        {
            return new(Connect(location.GetConnectionString(arguments), location.GetSchema(arguments), time));
        }

        return Directory.Exists(file.FullName) ? throw new CommandFailedException(ExitCode.Unusable, $"{file} is a folder. Specify the inbox file in it.")
            : !file.Exists ? throw new CommandFailedException(ExitCode.Unusable, $"There is no file {file}.")
            : new(file, new(file.FullName, time));
    }

    public ValueTask<IReadOnlyList<StoredCall>> FindCallsAsync(StoredCallFilter filter, int limit, CancellationToken cancellationToken) => _findCalls(filter, limit, cancellationToken);

    /// <exception cref="CommandFailedException">There is no item with this id.</exception>
    public async Task<DeadLetter> GetDeadLetterAsync(long id, CancellationToken cancellationToken) =>
        (await Items.ListDeadLettersAsync(limit: 1, filter: new() { Id = id }, cancellationToken: cancellationToken)).SingleOrDefault() ?? throw NotFound(InboxPart.DeadLetters, id);

    /// <exception cref="CommandFailedException">There is no item with this id.</exception>
    public async Task<QuarantineItem> GetQuarantinedAsync(long id, CancellationToken cancellationToken) =>
        (await Items.ListQuarantineAsync(limit: 1, filter: new() { Id = id }, cancellationToken: cancellationToken)).SingleOrDefault() ?? throw NotFound(InboxPart.Quarantine, id);

    public CommandFailedException NotFound(InboxPart part, long id) => new(
        ExitCode.Unusable,
        $"There is no item {id} in the {InboxPartOption.DisplayNameOf(part)} of {_name}. 'inbox list' shows the items.");

    public CommandFailedException NoSuchPause() => new(
        ExitCode.Unusable,
        $"No such pause is in {_name}: it has ended, or the handler or the destination has another name. 'inbox pauses' lists the pauses.");

    public CommandFailedException NoSuchCall() => new(
        ExitCode.Unusable,
        $"No such call is in {_name}. It was not accepted, the scenario or policy discarded it, or it is older than the deduplication window. 'inbox list --quarantine' shows what could not be read.");

    public void Dispose() => _connection?.Dispose();

    private static PostgreSqlInboxConnection Connect(string connectionString, string schema, TimeProvider time)
    {
        if (!PostgreSqlInboxOptionsValidator.IsName(schema))
        {
            throw new CommandFailedException(ExitCode.Unusable, "--schema is not the name of a schema. Write lower-case letters, digits and underscores, for example incoming_calls.");
        }

        return ConnectionStringCheck.FindProblem(connectionString) is { } problem
            ? throw new CommandFailedException(ExitCode.Unusable, $"The connection string of --postgres {problem}")
            : new(connectionString, schema, time);
    }
}
