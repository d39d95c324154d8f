namespace IncomingCalls.Cli;

/// <summary>An inbox, and what the person at the keyboard calls it.</summary>
internal sealed class InboxAtHand(SqliteInboxFile items, FileInfo file)
{
    public SqliteInboxFile Items => items;

    /// <exception cref="CommandFailedException">There is none of this id.</exception>
    public async Task<DeadLetter> DeadLetterAsync(long id, CancellationToken cancellationToken) =>
        (await items.ListDeadLettersAsync(1, id - 1, cancellationToken)).FirstOrDefault(letter => letter.Id == id) ?? throw None(InboxPart.DeadLetters, id);

    /// <exception cref="CommandFailedException">There is none of this id.</exception>
    public async Task<QuarantineItem> QuarantinedAsync(long id, CancellationToken cancellationToken) =>
        (await items.ListQuarantineAsync(1, id - 1, cancellationToken)).FirstOrDefault(item => item.Id == id) ?? throw None(InboxPart.Quarantine, id);

    public CommandFailedException None(InboxPart part, long id) => new(
        ExitCode.Unusable,
        $"There is no {id} in the {InboxPartOption.NameOf(part)} of {file}: 'inbox list' tells what there is.");
}
