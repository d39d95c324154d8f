using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Arguments;

/// <summary>Where an inbox is, a file or a PostgreSQL database, and the id of an item in it for commands that take one.</summary>
internal sealed class InboxLocation
{
    private const string DefaultSchema = "incoming_calls";

    private readonly Argument<FileInfo?> _file = new("file")
    {
        Description = "The file of a SQLite inbox, for example data/calls.db. A host may have it open. Omit it with --postgres.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = FileInfoParser.Parse,
    };

    private readonly Argument<string?> _id = new("id") { Description = "The id of the item, as shown by 'inbox list'.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<string?> _postgres = new("--postgres")
    {
        Description = "A PostgreSQL inbox: the name of an environment variable with the connection string, for example INCOMING_CALLS_POSTGRES, or the connection "
            + "string itself. Other users of the machine can see command lines: with a password, use the variable.",
        HelpName = "variable|connection string",
    };

    private readonly Option<string?> _schema = new("--schema") { Description = $"The schema of a PostgreSQL inbox; {DefaultSchema} by default.", HelpName = "name" };

    /// <param name="command">The command.</param>
    /// <param name="hasId">Whether the command takes the id of an item.</param>
    public InboxLocation(Command command, bool hasId)
    {
        command.Arguments.Add(_file);
        if (hasId)
        {
            command.Arguments.Add(_id);
        }

        command.Options.Add(_postgres);
        command.Options.Add(_schema);
        command.Validators.Add(result => Validate(command, result));
    }

    /// <summary>Gets the file; null for a PostgreSQL inbox.</summary>
    public FileInfo? GetFile(ParseResult arguments) => arguments.GetValue(_postgres) is null ? arguments.GetValue(_file) : null;

    public string GetSchema(ParseResult arguments) => arguments.GetValue(_schema) ?? DefaultSchema;

    /// <summary>Gets the connection string.</summary>
    /// <exception cref="CommandFailedException">The environment variable is not set.</exception>
    public string GetConnectionString(ParseResult arguments)
    {
        var value = arguments.GetValue(_postgres)!;
        // The value is not quoted: it may be a password.
        return value.Contains('=', StringComparison.Ordinal) ? value
            : Environment.GetEnvironmentVariable(value) is { Length: > 0 } connectionString ? connectionString
            : throw new CommandFailedException(ExitCode.Unusable, "The environment variable that --postgres names is not set. Set it to the connection string, for example Host=db;Database=crm;Username=crm;Password=...");
    }

    /// <summary>Returns whether the command line contains the id of an item.</summary>
    public bool HasId(CommandResult result) => FindIdToken(result) is not null;

    /// <summary>Gets the id of an item; null when the command line contains none.</summary>
    public long? GetId(ParseResult arguments) => FindIdToken(arguments.CommandResult) is { } id ? long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    /// <summary>Finds the text of the id. Without a file it is the first argument, which is parsed as the file.</summary>
    private string? FindIdToken(CommandResult result)
    {
        var (first, second) = (FindToken(result, _file), FindToken(result, _id));
        return second ?? (result.GetResult(_postgres) is null ? null : first);
    }

    private static string? FindToken(CommandResult result, Argument argument) => result.GetResult(argument)?.Tokens is [var token] ? token.Value : null;

    private void Validate(Command command, CommandResult result)
    {
        var (isPostgres, first, second) = (result.GetResult(_postgres) is not null, FindToken(result, _file), FindToken(result, _id));
        if (!isPostgres && first is null)
        {
            result.AddError($"'{command.Name}' requires an inbox file or --postgres.");
        }
        else if (isPostgres && first is not null && (second is not null || !command.Arguments.Contains(_id)))
        {
            result.AddError("An inbox is either a file or --postgres.");
        }
        else if (!isPostgres && result.GetResult(_schema) is not null)
        {
            result.AddError("--schema requires --postgres.");
        }
        else if (FindIdToken(result) is { } id && !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            result.AddError("An id is a whole number, as shown by 'inbox list'.");
        }
    }
}
