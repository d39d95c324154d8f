using IncomingCalls.CrashTests.Checking;

namespace IncomingCalls.CrashTests.Desk;

/// <summary>What the handlers did to the world: a file of its own, on the disk before a handler returns.</summary>
internal sealed class Effects(DeskSettings settings) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file = new(FileOf(settings.Folder), FileMode.Append, FileAccess.Write, FileShare.Read);

    public static string FileOf(string folder) => Path.Combine(folder, "effects.txt");

    public void Write(string handler, CallEvent callEvent)
    {
        var line = new Effect
        {
            Life = settings.Life,
            At = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            Handler = handler,
            EventId = callEvent.Id,
            Kind = callEvent.Kind,
            Call = callEvent.Call.Key.ToString(),
            Outcome = callEvent.Call.Outcome,
            Version = callEvent.Call.Version,
        }.ToString();
        lock (_gate)
        {
            _file.Write(System.Text.Encoding.UTF8.GetBytes($"{line}\n"));
            _file.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => _file.Dispose();
}
