namespace IncomingCalls.CrashTests.Tests.Faults;

/// <summary>
/// A test of a host that may not write a file. Root may write every file, so that under root the host runs without that right,
/// which setpriv takes away; where it is missing the test is skipped, except under CI, where util-linux is to be installed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReadOnlyFileFactAttribute : FactAttribute
{
    private const string Tool = "setpriv";

    public ReadOnlyFileFactAttribute()
    {
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows has no signals.";
        }
        else if (HostWrapper is not null && Environment.GetEnvironmentVariable("CI") != "true" && !folders.Any(folder => File.Exists(Path.Combine(folder, Tool))))
        {
            Skip = $"Root needs {Tool} (util-linux) to run a host that may not write everything.";
        }
    }

    /// <summary>What runs a host without root's right to write every file; null where that is not needed.</summary>
    public static IReadOnlyList<string>? HostWrapper { get; } =
        Environment.IsPrivilegedProcess ? [Tool, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"] : null;
}
