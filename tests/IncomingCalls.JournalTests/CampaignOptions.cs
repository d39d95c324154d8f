using System.Globalization;
using System.Security.Cryptography;
using IncomingCalls.Testing;

namespace IncomingCalls.JournalTests;

/// <summary>The command line of a campaign.</summary>
internal sealed record CampaignOptions
{
    public const string Usage =
        "Usage: IncomingCalls.JournalTests [--calls N] [--instances N] [--minutes N] [--journal Off|Outcomes|OutcomesAndCalls] [--quirk none|journal-other-ids|journal-hungup-for-declined|journal-lid|journal-late|journal-off] [--seed S]";

    private static readonly Dictionary<string, CallQuirks> Quirks = new()
    {
        ["none"] = CallQuirks.None,
        ["journal-other-ids"] = CallQuirks.JournalOtherIds,
        ["journal-hungup-for-declined"] = CallQuirks.JournalHungUpForDeclined,
        ["journal-lid"] = CallQuirks.JournalLid,
        ["journal-late"] = CallQuirks.JournalLate,
        ["journal-off"] = CallQuirks.None,
    };

    /// <summary>How many calls there are.</summary>
    public int Calls { get; init; } = 10_000;

    /// <summary>How many instances they are spread over.</summary>
    public int Instances { get; init; } = 20;

    /// <summary>How many simulated minutes they are spread over.</summary>
    public int Minutes { get; init; } = 600;

    /// <summary>What the journal is used for.</summary>
    public CallJournalUse Journal { get; init; } = CallJournalUse.OutcomesAndCalls;

    /// <summary>The quirk of the journal.</summary>
    public string Quirk { get; init; } = "none";

    /// <summary>The seed of all random numbers.</summary>
    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>The quirk as the simulator has it.</summary>
    public CallQuirks CallQuirk => Quirks[Quirk];

    /// <summary>Whether the plan of the instances has no journals.</summary>
    public bool IsJournalOff => Quirk == "journal-off";

    /// <summary>Whether the journal can tell everything: each call ends with its true outcome and direction.</summary>
    public bool IsComplete => Journal == CallJournalUse.OutcomesAndCalls && Quirk is "none" or "journal-late" or "journal-lid";

    /// <exception cref="ArgumentException">An argument is unknown, or its value is missing or wrong.</exception>
    public static CampaignOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new CampaignOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var text = i + 1 < arguments.Count ? arguments[i + 1] : "";
            options = arguments[i] switch
            {
                "--calls" => options with { Calls = ParseNumber(arguments[i], text) },
                "--instances" => options with { Instances = Math.Max(1, ParseNumber(arguments[i], text)) },
                "--minutes" => options with { Minutes = Math.Max(1, ParseNumber(arguments[i], text)) },
                "--seed" => options with { Seed = ParseNumber(arguments[i], text) },
                "--journal" => options with { Journal = Enum.TryParse<CallJournalUse>(text, out var use) && Enum.IsDefined(use) ? use : throw Refuse(arguments[i], text) },
                "--quirk" => options with { Quirk = Quirks.ContainsKey(text) ? text : throw Refuse(arguments[i], text) },
                _ => throw new ArgumentException($"{arguments[i]} is not an option. {Usage}", nameof(arguments)),
            };
        }

        return options;
    }

    private static int ParseNumber(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Refuse(name, text);

    private static ArgumentException Refuse(string name, string text) => new($"{name} cannot be '{text}'. {Usage}");
}
