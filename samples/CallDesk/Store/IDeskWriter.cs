namespace CallDesk.Store;

/// <summary>Writes a row, and publishes its change to every open page.</summary>
internal interface IDeskWriter
{
    /// <summary>Writes a row and publishes the change. The write must be idempotent.</summary>
    /// <exception cref="Exception">The row may not be written, or the change may not be published. Write it again.</exception>
    Task WriteAsync(DeskChange change, Func<Task> write, CancellationToken cancellationToken);
}

/// <summary>Publishes a change after its write.</summary>
internal sealed class PublishingWriter(WriterLimiter writers, IDeskChangePublisher changes) : IDeskWriter
{
    public async Task WriteAsync(DeskChange change, Func<Task> write, CancellationToken cancellationToken)
    {
        using (await writers.AcquireAsync(cancellationToken))
        {
            await write();
        }

        // Also if the write changed nothing: the process that wrote the row may have crashed before it published the change.
        await changes.PublishAsync(change);
    }
}
