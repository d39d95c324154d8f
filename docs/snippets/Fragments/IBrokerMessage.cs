namespace Fragments;

/// <summary>A message of the broker that the reader's application uses.</summary>
internal interface IBrokerMessage
{
    ReadOnlyMemory<byte> Body { get; }

    Task CompleteAsync();

    Task ReturnAsync();

    Task SetAsideAsync(string? reason);
}
