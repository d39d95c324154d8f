using System.Text;

namespace IncomingCalls.CrashTests;

/// <summary>What the handlers of all lives of a host have done: a line each, on the disk before the handler returns.</summary>
internal sealed class EffectsFile : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly int _life;

    /// <param name="path">The file.</param>
    /// <param name="life">The number of this process.</param>
    public EffectsFile(string path, int life)
    {
        _life = life;
        _file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        _file.Seek(0, SeekOrigin.End);
        // A life before may have been cut off in the middle of a line.
        Write("\n");
    }

    public void Append(CallEvent callEvent, string handler, RunEnd end) => Write(Effect.Of(callEvent, handler, _life, end).Format() + "\n");

    public static IEnumerable<Effect> Read(string path)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            if (Effect.Parse(line) is { } effect)
            {
                yield return effect;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private void Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        lock (_gate)
        {
            _file.Write(bytes);
            _file.Flush(flushToDisk: true);
        }
    }
}
