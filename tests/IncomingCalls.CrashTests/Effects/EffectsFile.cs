using System.Diagnostics;
using System.Text;

namespace IncomingCalls.CrashTests;

/// <summary>What the handlers of one life have done: a line each, on the disk before the handler returns.</summary>
internal sealed class EffectsFile : IDisposable
{
    private const string Extension = ".effects";

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly int _runNumber;

    /// <param name="folder">Where the files of all lives are.</param>
    /// <param name="life">The number of this process.</param>
    public EffectsFile(string folder, int life)
    {
        _runNumber = life;
        _file = new(Path.Combine(folder, $"{life:D6}{Extension}"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>What all lives have done, in their order.</summary>
    public static IReadOnlyList<Effect> ReadAll(string folder) =>
        [.. Directory.GetFiles(folder, $"*{Extension}").Order(StringComparer.Ordinal).SelectMany(Read)];

    public void Append(CallEvent callEvent, string handler, EffectResult end)
    {
        lock (_gate)
        {
            var line = Encoding.UTF8.GetBytes(Effect.FromEvent(callEvent, handler, _runNumber, Stopwatch.GetTimestamp(), end).Format() + "\n");
            _file.Write(line);
            _file.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => _file.Dispose();

    private static List<Effect> Read(string path)
    {
        List<Effect> effects = [];
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            // None where a kill cut the line short.
            if (Effect.Parse(line) is { } effect)
            {
                effects.Add(effect);
            }
        }

        return effects;
    }
}
