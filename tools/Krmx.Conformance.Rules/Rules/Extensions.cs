using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>What the rules of section 10 have in common.</summary>
internal static class Extensions
{
    public const string Ready = """{"type":"krmx/ready"}""";

    public const string Unlink = """{"type":"krmx/unlink"}""";
    public const string Leave = """{"type":"krmx/leave"}""";

    /// <summary>A rule of what is added, and so of none of the TypeScript server.</summary>
    /// <param name="extension">The extension that it is about; null for none.</param>
    /// <param name="id">The rule's.</param>
    /// <param name="title">The rule in one line.</param>
    /// <param name="check">Tries it.</param>
    /// <param name="setup">What it asks of the server; null for nothing.</param>
    public static Rule Of(string? extension, string id, string title, Func<Trial, Task> check, ServerSetup? setup = null) =>
        new(id, title, check) { IsAddition = true, Extension = extension, Setup = setup ?? new ServerSetup() };

    public static string Users(string users) => Wire.Text("krmx/users", $$"""{"users":[{{users}}]}""");

    public static string Changes(string changes) => Wire.Text("krmx/changes", $$"""{"changes":[{{changes}}]}""");
}
