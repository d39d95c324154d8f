using System.Globalization;

namespace IncomingCalls.CrashTests.Desk;

/// <summary>What the driver tells a host, through the environment.</summary>
internal sealed class DeskSettings
{
    private const string Prefix = "CRASH_";

    public required string Folder { get; init; }

    public required int Port { get; init; }

    public required string ApiUrl { get; init; }

    public required long PolledInstance { get; init; }

    public required string PolledToken { get; init; }

    /// <summary>Which of the hosts this is, from 1.</summary>
    public required int Life { get; init; }

    /// <summary>Where to die; null to live until killed.</summary>
    public string? DieAt { get; init; }

    /// <summary>At the how manieth time.</summary>
    public int DieAtCount { get; init; }

    public static DeskSettings FromEnvironment() => new()
    {
        Folder = Read(nameof(Folder))!,
        Port = int.Parse(Read(nameof(Port))!, CultureInfo.InvariantCulture),
        ApiUrl = Read(nameof(ApiUrl))!,
        PolledInstance = long.Parse(Read(nameof(PolledInstance))!, CultureInfo.InvariantCulture),
        PolledToken = Read(nameof(PolledToken))!,
        Life = int.Parse(Read(nameof(Life))!, CultureInfo.InvariantCulture),
        DieAt = Read(nameof(DieAt)),
        DieAtCount = int.Parse(Read(nameof(DieAtCount)) ?? "1", CultureInfo.InvariantCulture),
    };

    public void WriteTo(IDictionary<string, string?> environment)
    {
        environment[Prefix + nameof(Folder)] = Folder;
        environment[Prefix + nameof(Port)] = $"{Port}";
        environment[Prefix + nameof(ApiUrl)] = ApiUrl;
        environment[Prefix + nameof(PolledInstance)] = $"{PolledInstance}";
        environment[Prefix + nameof(PolledToken)] = PolledToken;
        environment[Prefix + nameof(Life)] = $"{Life}";
        environment[Prefix + nameof(DieAt)] = DieAt;
        environment[Prefix + nameof(DieAtCount)] = $"{DieAtCount}";
    }

    private static string? Read(string name) => Environment.GetEnvironmentVariable(Prefix + name) is { Length: > 0 } value ? value : null;
}
