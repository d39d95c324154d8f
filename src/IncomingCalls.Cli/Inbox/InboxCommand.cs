using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Inbox;

/// <summary>The base class of the commands for the file of a SQLite inbox.</summary>
internal abstract class InboxCommand : CliCommand
{
    private readonly Argument<FileInfo?> _file = new("file")
    {
        Description = "The inbox file, for example data/calls.db. A host may have it open.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = FileInfoParser.Parse,
    };

    protected InboxCommand(string name, string description)
        : base(name, description) =>
        Arguments.Add(_file);

    protected sealed override Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var file = invocation.Arguments.GetValue(_file)!;
        return Directory.Exists(file.FullName) ? throw new CommandFailedException(ExitCode.Unusable, $"{file} is a folder. Specify the inbox file in it.")
            : !file.Exists ? throw new CommandFailedException(ExitCode.Unusable, $"There is no file {file}.")
            : RunAsync(invocation, new(new(file.FullName, invocation.Terminal.Time), file), cancellationToken);
    }

    protected abstract Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken);
}

/// <summary>An inbox and the file name that the user specified.</summary>
internal sealed class InboxTarget(SqliteInboxFile items, FileInfo file)
{
    public SqliteInboxFile File => items;

    /// <exception cref="CommandFailedException">There is no item with this id.</exception>
    public async Task<DeadLetter> GetDeadLetterAsync(long id, CancellationToken cancellationToken) =>
        (await items.ListDeadLettersAsync(1, id - 1, cancellationToken)).FirstOrDefault(letter => letter.Id == id) ?? throw NotFound(InboxPart.DeadLetters, id);

    /// <exception cref="CommandFailedException">There is no item with this id.</exception>
    public async Task<QuarantineItem> GetQuarantinedAsync(long id, CancellationToken cancellationToken) =>
        (await items.ListQuarantineAsync(1, id - 1, cancellationToken)).FirstOrDefault(item => item.Id == id) ?? throw NotFound(InboxPart.Quarantine, id);

    public CommandFailedException NotFound(InboxPart part, long id) => new(
        ExitCode.Unusable,
        $"There is no item {id} in the {InboxPartOption.DisplayNameOf(part)} of {file}. 'inbox list' shows the items.");

    public CommandFailedException NoSuchCall() => new(
        ExitCode.Unusable,
        $"No such call is in {file}. It was not accepted, the scenario or policy discarded it, or it is older than the deduplication window. 'inbox list --quarantine' shows what could not be read.");
}
