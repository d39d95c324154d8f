using System.Diagnostics;
using System.Text;

namespace IncomingCalls.CrashTests;

/// <summary>The effects of the handlers in one run: one line each, flushed to the disk before the handler returns.</summary>
internal sealed class EffectsFile : IDisposable
{
    private const string Extension = ".effects";

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly int _runNumber;

    /// <param name="folder">The folder of the files of all runs.</param>
    /// <param name="runNumber">The number of this run.</param>
    public EffectsFile(string folder, int runNumber)
    {
        _runNumber = runNumber;
        _file = new(Path.Combine(folder, $"{runNumber:D6}{Extension}"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Reads the effects of all runs, in the order of the runs.</summary>
    public static IReadOnlyList<Effect> ReadAll(string folder) =>
        [.. Directory.GetFiles(folder, $"*{Extension}").Order(StringComparer.Ordinal).SelectMany(Read)];

    /// <summary>Appends the effect of an attempt, and returns it.</summary>
    public Effect Append(CallEvent callEvent, string handler, EffectResult result)
    {
        lock (_gate)
        {
            var effect = Effect.FromEvent(callEvent, handler, _runNumber, Stopwatch.GetTimestamp(), result);
            _file.Write(Encoding.UTF8.GetBytes(effect.Format() + "\n"));
            _file.Flush(flushToDisk: true);
            return effect;
        }
    }

    public void Dispose() => _file.Dispose();

    private static List<Effect> Read(string path)
    {
        List<Effect> effects = [];
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            // Null where a kill truncated the line.
            if (Effect.Parse(line) is { } effect)
            {
                effects.Add(effect);
            }
        }

        return effects;
    }
}
