namespace CallDesk.Live;

/// <summary>What a row of the desk is about. The numbers go between nodes of different versions.</summary>
[GenerateSerializer, Alias("CallDesk.DeskRowKind")]
internal enum DeskRowKind
{
    Call = 0,
    Event = 1,
    Record = 2,
    Alert = 3,
    Callback = 4,
}
