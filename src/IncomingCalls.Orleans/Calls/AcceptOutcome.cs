
namespace IncomingCalls;

/// <summary>What became of a notification, on the wire.</summary>
[GenerateSerializer]
[Alias("IncomingCalls.AcceptedAs")]
internal enum AcceptOutcome
{
    Stored = 0,
    Tracked,
    Duplicate,
}
