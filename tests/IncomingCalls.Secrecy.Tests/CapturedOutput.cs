namespace IncomingCalls.Secrecy.Tests;

/// <summary>The recorded output of all test processes.</summary>
internal static class CapturedOutput
{
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("CAPTURED_OUTPUT_DIR") is { Length: > 0 } folder ? folder : null;

    /// <summary>Reads every recorded line with its project.</summary>
    public static IEnumerable<(string Project, string Line)> ReadLines() => Directory.EnumerateFiles(Folder!, "*.txt")
        .SelectMany(file => File.ReadLines(file).Select(line => (Path.GetFileNameWithoutExtension(Path.GetFileNameWithoutExtension(file)), line)));
}

/// <summary>A test of the output of the whole test run; skipped where nothing was recorded.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CapturedOutputFactAttribute : FactAttribute
{
    public CapturedOutputFactAttribute()
    {
        if (CapturedOutput.Folder is null)
        {
            Skip = "Nothing was recorded. test.sh sets OUTPUT_CAPTURE_DIR for all other tests, and runs this test after them.";
        }
    }
}
