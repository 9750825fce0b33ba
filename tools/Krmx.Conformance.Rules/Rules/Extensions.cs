using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Rules;

/// <summary>What the rules of section 10 have in common.</summary>
internal static class Extensions
{
    public const string Ready = """{"type":"krmx/ready"}""";

    /// <summary>A rule that is tried with nobody else there, and not on the TypeScript server, which knows no extensions.</summary>
    public static Rule Of(string id, string title, Func<Trial, Task> check, ServerSetup? setup = null) =>
        new(id, title, check) { IsAddition = true, Setup = (setup ?? new ServerSetup()) with { IsAlone = true } };

    public static string Users(string users) => Wire.Text("krmx/users", $$"""{"users":[{{users}}]}""");

    public static string Changes(string changes) => Wire.Text("krmx/changes", $$"""{"changes":[{{changes}}]}""");
}
