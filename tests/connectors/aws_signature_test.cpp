#include "connectors/ses-sns/aws_signature.hpp"

#include "engine/channel/signature.hpp"

#include <gtest/gtest.h>

namespace kindred::connectors::ses_sns {
namespace {

std::string signature_in(const std::vector<std::pair<std::string, std::string>>& headers) {
    for (const auto& [name, value] : headers)
        if (name == "Authorization") return value.substr(value.find("Signature=") + 10);
    return {};
}

/// AWS's test suite for Signature Version 4 ("get-vanilla" and others; all for service "service").
TEST(AwsSignature, IsThatOfAwsTestSuite) {
    const aws_credentials who{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
    const auto at = parse_time("2015-08-30T12:36:00Z").value();
    struct vector {
        const char* name;
        const char* method;
        const char* path;
        const char* query;
        std::vector<std::pair<std::string, std::string>> headers;
        const char* signature;
    };
    const std::vector<vector> published{
        {"get-vanilla", "GET", "/", "", {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
        {"get-vanilla-query-order-key-case",
         "GET",
         "/",
         "Param1=value1&Param2=value2",
         {},
         "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
        {"get-unreserved",
         "GET",
         "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
         "",
         {},
         "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
        {"get-utf8", "GET", "/%E1%88%B4", "", {}, "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
        {"post-vanilla", "POST", "/", "", {}, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
        {"post-header-key-sort",
         "POST",
         "/",
         "",
         {{"my-header1", "value1"}},
         "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    };
    for (const auto& each : published) {
        aws_request wanted{.method = each.method,
                           .service = "service",
                           .region = "us-east-1",
                           .host = "example.amazonaws.com",
                           .path = each.path,
                           .query = each.query};
        wanted.headers = each.headers;
        EXPECT_EQ(signature_in(signed_by_aws(who, wanted, at)), each.signature) << each.name;
    }
    aws_request form{
        .method = "POST", .service = "service", .region = "us-east-1", .host = "example.amazonaws.com", .path = "/"};
    form.headers = {{"content-type", "application/x-www-form-urlencoded"}};
    form.body = "Param1=value1";
    EXPECT_EQ(signature_in(signed_by_aws(who, form, at)),
              "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")
        << "post-x-www-form-urlencoded";
}

/// The examples of the S3 reference, "Authenticating requests: using the Authorization header".
TEST(AwsSignature, IsThatOfTheS3Reference) {
    const aws_credentials who{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""};
    const auto at = parse_time("2013-05-24T00:00:00Z").value();
    const auto signed_get = [&](std::string_view path, std::string_view query,
                                std::vector<std::pair<std::string, std::string>> headers) {
        aws_request wanted{.service = "s3",
                           .region = "us-east-1",
                           .host = "examplebucket.s3.amazonaws.com",
                           .path = path,
                           .query = query};
        wanted.headers = std::move(headers);
        wanted.headers.emplace_back("x-amz-content-sha256", channel::sha256_hex(""));
        return signed_by_aws(who, wanted, at);
    };
    const auto object = signed_get("/test.txt", "", {{"range", "bytes=0-9"}});
    EXPECT_EQ(object.back().second,
              "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
              "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
              "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    EXPECT_EQ(signature_in(signed_get("/", "lifecycle=", {})),
              "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    EXPECT_EQ(signature_in(signed_get("/", "max-keys=2&prefix=J", {})),
              "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(AwsSignature, TemporaryCredentialsAreNamedAndSigned) {
    const aws_request wanted{
        .service = "s3", .region = "us-east-1", .host = "b.s3.us-east-1.amazonaws.com", .path = "/k"};
    const auto headers = signed_by_aws({"ASIA", "secret", "token"}, wanted, from_millis(1'800'000'000'000));
    EXPECT_NE(
        std::find(headers.begin(), headers.end(), std::pair<std::string, std::string>("x-amz-security-token", "token")),
        headers.end());
    EXPECT_NE(headers.back().second.find("x-amz-date;x-amz-security-token"), std::string::npos);
}

}  // namespace
}  // namespace kindred::connectors::ses_sns
