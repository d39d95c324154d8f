namespace IncomingCalls.Cli;

/// <summary>An inbox, and what the person at the keyboard calls it.</summary>
internal sealed class InboxTarget(SqliteInboxFile items, FileInfo file)
{
    public SqliteInboxFile File => items;

    /// <exception cref="CommandFailedException">There is none of this id.</exception>
    public async Task<DeadLetter> GetDeadLetterAsync(long id, CancellationToken cancellationToken) =>
        (await items.ListDeadLettersAsync(1, id - 1, cancellationToken)).FirstOrDefault(letter => letter.Id == id) ?? throw NotFound(InboxPart.DeadLetters, id);

    /// <exception cref="CommandFailedException">There is none of this id.</exception>
    public async Task<QuarantineItem> GetQuarantinedAsync(long id, CancellationToken cancellationToken) =>
        (await items.ListQuarantineAsync(1, id - 1, cancellationToken)).FirstOrDefault(item => item.Id == id) ?? throw NotFound(InboxPart.Quarantine, id);

    public CommandFailedException NotFound(InboxPart part, long id) => new(
        ExitCode.Unusable,
        $"There is no {id} in the {InboxPartOption.DisplayNameOf(part)} of {file}: 'inbox list' tells what there is.");
}
