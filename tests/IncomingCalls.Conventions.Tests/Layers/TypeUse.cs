namespace IncomingCalls.Conventions.Tests;

/// <summary>A type that needs another type of its package, and the folders of both.</summary>
internal sealed record TypeUse(string From, string FromFolder, string To, string ToFolder);
