using System.Globalization;

namespace IncomingCalls.AdapterTests.Traffic;

/// <summary>The customers of a campaign, and their calls.</summary>
internal sealed class TrafficGenerator(Random random, DateTimeOffset start, TimeSpan duration)
{
    public const int InstancesPerPortal = 2;
    private const long FirstInstance = 1101000001;
    private const int KnownPersons = 8;
    private const int UnknownPersons = 4;

    /// <summary>The instances of a portal.</summary>
    public static IEnumerable<long> GetInstances(int portal) => Enumerable.Range(portal * InstancesPerPortal, InstancesPerPortal).Select(index => FirstInstance + index);

    /// <summary>The phone numbers of the contacts of a portal.</summary>
    public static IEnumerable<string> GetContacts(int portal) => Enumerable.Range(0, KnownPersons).Select(person => GetPhone(portal, person));

    /// <summary>The linked id of the one caller of an instance who shows no phone number.</summary>
    public static string GetLinkedId(long idInstance) => $"10000{idInstance}@lid";

    /// <summary>Whether a portal wants a contact for each unknown number.</summary>
    public static bool CreatesContacts(int portal) => portal % 2 == 0;

    public PlannedCall CreateCall(int number, int portal, string portalName)
    {
        var idInstance = GetInstances(portal).ElementAt(random.Next(InstancesPerPortal));
        var offeredAt = start + (duration * random.NextDouble());
        // Whole seconds, as the gateway reports times.
        offeredAt = DateTimeOffset.FromUnixTimeSeconds(offeredAt.ToUnixTimeSeconds());
        var person = random.Next(KnownPersons + UnknownPersons);
        var phone = GetPhone(portal, person);
        var kind = random.Next(100);
        var isKnown = person < KnownPersons || CreatesContacts(portal);
        return new()
        {
            Portal = portalName,
            Key = new(idInstance, $"3EB0{number:D6}"),
            From = kind < 3 ? null : kind < 8 ? GetLinkedId(idInstance) : $"{phone}@c.us",
            RecordedPhone = kind >= 8 && isKnown ? $"+{phone}" : null,
            OfferedAt = offeredAt,
            Outcomes = CreateOutcomes(offeredAt),
        };
    }

    /// <summary>A number of the form of the examples, by portal and person.</summary>
    private static string GetPhone(int portal, int person) => (70000000101 + (portal * 100) + person).ToString(CultureInfo.InvariantCulture);

    private IReadOnlyList<Report> CreateOutcomes(DateTimeOffset offeredAt)
    {
        var endedAt = offeredAt.AddSeconds(random.Next(3, 40));
        return random.Next(100) switch
        {
            < 55 => [new(endedAt, "pickUp")],
            < 78 => [new(endedAt, "missed")],
            < 86 => [new(endedAt, "hungUp")],
            // Answered on another device: within the settle time, or later.
            < 93 => [new(endedAt, "missed"), new(endedAt.AddSeconds(random.Next(1, 15)), "pickUp")],
            < 97 => [new(endedAt, "missed"), new(endedAt.AddSeconds(random.Next(30, 600)), "pickUp")],
            _ => [],
        };
    }
}
