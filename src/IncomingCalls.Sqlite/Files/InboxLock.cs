namespace IncomingCalls.Sqlite.Files;

/// <summary>
/// The exclusive lock of an engine on an inbox file: an open lock file beside it, which the operating system allows one process to hold and
/// releases when that process ends in any way. Administration does not need the lock.
/// </summary>
internal sealed class InboxLock : IDisposable
{
    // The HResult when another process holds the lock: EAGAIN on Linux, EAGAIN on macOS, and ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] LockHeldErrors = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private InboxLock(FileStream file, bool isEffective)
    {
        _file = file;
        IsEffective = isEffective;
    }

    /// <summary>
    /// Whether the lock excludes others. It does not where the file system has no locks, and with <c>DOTNET_SYSTEM_IO_DISABLEFILELOCKING</c>.
    /// Some network file systems have locks between the processes of a machine only.
    /// </summary>
    public bool IsEffective { get; }

    /// <summary>Acquires the lock; returns null when another engine, in this process or another, holds it.</summary>
    /// <param name="path">The path of the inbox file.</param>
    public static InboxLock? TryAcquire(string path)
    {
        if (TryOpen(path) is not { } file)
        {
            return null;
        }

        try
        {
            // An effective lock refuses even the process that holds it.
            using var second = TryOpen(path);
            return new(file, isEffective: second is null);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // The lock file is not deleted: another process could have locked it in the meantime.
    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (LockHeldErrors.Contains(e.HResult))
        {
            return null;
        }
    }
}
