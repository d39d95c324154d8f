
namespace IncomingCalls;

/// <summary>What became of a notification, on the wire.</summary>
[GenerateSerializer]
[Alias("IncomingCalls.AcceptedAs")]
internal enum AcceptedAs
{
    Stored = 0,
    Tracked,
    Repeat,
}
