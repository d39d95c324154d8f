namespace IncomingCalls.Sqlite.Files;

/// <summary>
/// The right to work on an inbox file: an open file beside it that the operating system lets one process hold, and takes back
/// when that process ends, however it ends. Administration does not need it.
/// </summary>
internal sealed class InboxLock : IDisposable
{
    // What "somebody else holds it" is called by Linux, macOS and Windows.
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private InboxLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; null when another engine, of this process or another, has it.</summary>
    /// <param name="path">The inbox file.</param>
    public static InboxLock? TryAcquire(string path)
    {
        try
        {
            return new(new($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (Held.Contains(e.HResult))
        {
            return null;
        }
    }

    // The file stays: who deletes it could delete one that somebody has just locked.
    public void Dispose() => _file.Dispose();
}
